import { afterEach, describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { deleteRole } from '../directory/roles/change-role.ts';
import { BY_TEST } from '../directory/testing/open-directory.ts';
import { createLog } from '../platform/index.ts';
import { changeModels, editState } from './change-models.ts';
import { openPolicy, type Policy } from './policy.ts';
import { registerModels, rememberDiscoveredModels } from './register-models.ts';
import { CATALOGUE } from './rules/catalogue.ts';
import { NO_CONNECTORS } from './rules/connectors.ts';
import type { Model } from './rules/model.ts';
import { indexModels } from './rules/model-index.ts';
import { toModelInfo } from './rules/model-info.ts';
import type { PolicyEdit } from './rules/policy.ts';
import type { AccessTables } from './tables.ts';
import { HAIKU, OPUS, openAccess, SONNET } from './testing/open-access.ts';

const off = (model: string): PolicyEdit => ({ kind: 'organisation-model', model, enabled: false });
const cap = (model: string, maxEffort: 'low' | 'medium' | 'high' | null): PolicyEdit => ({
  kind: 'organisation-model',
  model,
  maxEffort,
});

/** A model the shipped catalogue does not have. */
const newModel = (id: string): Model => ({ ...(CATALOGUE[0] as Model), id, aliases: [], displayName: id });

forEachDatabase((_engine, open) => {
  const opened: Policy[] = [];
  afterEach(async () => {
    for (const policy of opened.splice(0)) await policy.close();
  });
  const start = async () => {
    const access = await openAccess(await open());
    opened.push(access.policy);
    return access;
  };

  describe('saving edits', () => {
    it('stores them and has them in force when it is done', async () => {
      const { change, store, policy, role } = await start();
      const { id } = await role('Writers');
      await change(
        off(OPUS),
        { kind: 'role-model', role: id, model: SONNET, maxEffort: 'medium' },
        { kind: 'effort-action', action: 'refuse' },
        { kind: 'new-models', arrive: 'off' },
      );
      const organisation = await store.readOrganisation();
      expect(organisation).toMatchObject({ effortAction: 'refuse', newModels: 'off' });
      expect(organisation.models.get(OPUS)).toEqual({ enabled: false, maxEffort: null });
      expect(policy.current().organisation).toEqual(organisation);
      const stored = (await store.readRoles()).get(id);
      expect(stored?.models).toBeInstanceOf(Map);
      expect(policy.current().roles.get(id)).toEqual(stored);
      expect(stored?.models === 'all' ? null : stored?.models.get(SONNET)).toEqual({
        enabled: true,
        maxEffort: 'medium',
      });
    });

    it('stores all or none', async () => {
      const { change, store } = await start();
      const before = await store.readOrganisation();
      const version = await store.readVersion();
      const wrong: PolicyEdit = { kind: 'role-model', role: 'rbac_role_x', model: OPUS, enabled: true };
      await expect(change(off(OPUS), wrong)).rejects.toMatchObject({
        code: 'not_found',
        details: { error_code: 'role_not_found' },
      });
      expect(await store.readOrganisation()).toEqual(before);
      expect(await store.readVersion()).toBe(version);
    });

    it('refuses what was prepared on a version somebody else has changed meanwhile, and says so', async () => {
      const { access, store } = await start();
      const read = await store.readVersion();
      await changeModels(access)([off(OPUS)], BY_TEST, read);
      const late = changeModels(access)([off(SONNET)], BY_TEST, read);
      const conflict = { code: 'conflict', details: { error_code: 'version_conflict', version: read + 1 } };
      await expect(late).rejects.toMatchObject(conflict);
      expect((await store.readOrganisation()).models.get(SONNET)?.enabled).toBe(true);
    });

    it('serialises two who save at the same moment: neither overwrites the other, and one version has one winner', async () => {
      const { access, change, store } = await start();
      await Promise.all([change(off(OPUS)), change(cap(SONNET, 'low'))]);
      const { models } = await store.readOrganisation();
      expect([models.get(OPUS)?.enabled, models.get(SONNET)?.maxEffort]).toEqual([false, 'low']);
      const version = await store.readVersion();
      const both = await Promise.allSettled([
        changeModels(access)([cap(SONNET, 'medium')], BY_TEST, version),
        changeModels(access)([cap(SONNET, 'high')], BY_TEST, version),
      ]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    });

    it('keeps Haiku on, for the organisation and in every role', async () => {
      const { change, role, store } = await start();
      const { id } = await role('Writers');
      const refused = { code: 'invalid_request', details: { error_code: 'haiku_always_available' } };
      await expect(change(off(HAIKU))).rejects.toMatchObject(refused);
      await expect(change({ kind: 'role-model', role: id, model: HAIKU, enabled: false })).rejects.toMatchObject(
        refused,
      );
      expect((await store.readOrganisation()).models.get(HAIKU)?.enabled).toBe(true);
    });

    it("does not switch off a model that is the organisation's or a role's default, and names the role", async () => {
      const { change, role } = await start();
      const { id } = await role('Writers');
      await change({ kind: 'role-default', role: id, model: OPUS });
      const refused = {
        details: { error_code: 'model_is_default', roles: [id] },
        message: expect.stringContaining('“Writers”'),
      };
      await expect(change(off(OPUS))).rejects.toMatchObject(refused);
      await change({ kind: 'organisation-default', model: SONNET });
      await expect(change(off(SONNET))).rejects.toMatchObject({
        details: { error_code: 'model_is_default', roles: [] },
      });
      await change(off(OPUS), { kind: 'role-default', role: id, model: SONNET });
    });

    it('lowers the higher caps of roles, and the default efforts above it, with the cap of the organisation', async () => {
      const { change, role, store } = await start();
      const [high, low] = [await role('High'), await role('Low')];
      await change(
        { kind: 'role-model', role: high.id, model: OPUS, maxEffort: 'xhigh' },
        { kind: 'role-model', role: low.id, model: OPUS, maxEffort: 'low' },
        { kind: 'role-default', role: high.id, model: OPUS, effort: 'high' },
      );
      await change(cap(OPUS, 'medium'));
      const roles = await store.readRoles();
      const capOf = (id: string) => {
        const models = roles.get(id)?.models;
        return models === undefined || models === 'all' ? undefined : models.get(OPUS)?.maxEffort;
      };
      expect([capOf(high.id), capOf(low.id)]).toEqual(['medium', 'low']);
      expect(roles.get(high.id)?.defaultEffort).toBe('medium');
    });

    it('forgets the models of a role that is deleted', async () => {
      const { change, role, deps, database, store, policy } = await start();
      const [gone, stays] = [await role('Gone'), await role('Stays')];
      for (const { id } of [gone, stays]) await change({ kind: 'role-model', role: id, model: OPUS, enabled: false });
      await deleteRole(deps)(gone.id, BY_TEST);
      const tables = database.tables<AccessTables>();
      for (const table of ['role_model_settings', 'role_model_access'] as const) {
        const rows = await tables.selectFrom(table).select('role_id').distinct().execute();
        expect(rows).toEqual([{ role_id: stays.id }]);
      }
      await policy.refresh();
      expect([...(await store.readRoles()).keys()]).toEqual([stays.id]);
      expect([...policy.current().roles.keys()]).toEqual([stays.id]);
    });

    it('answers a save for a role that is being deleted with a refusal or a success, never with a failure', async () => {
      const { change, role, deps } = await start();
      for (let i = 0; i < 5; i++) {
        const { id } = await role(`Role ${i}`);
        const edit: PolicyEdit = { kind: 'role-model', role: id, model: OPUS, enabled: false };
        const [saved] = await Promise.allSettled([change(edit), deleteRole(deps)(id, BY_TEST)]);
        if (saved.status === 'rejected') expect(saved.reason).toMatchObject({ code: 'not_found' });
      }
    });

    it('reaches another node within a second', async () => {
      const { change, database } = await start();
      const other = await openPolicy({ database, models: CATALOGUE, log: createLog('silent') });
      opened.push(other);
      await change(off(OPUS));
      await expect
        .poll(() => other.current().organisation.models.get(OPUS)?.enabled, { timeout: 1000, interval: 5 })
        .toBe(false);
    });
  });

  describe('models that are new here', () => {
    it('are on at the very first start, and later as the organisation has set it', async () => {
      const { access, change, store } = await start();
      const first = await store.readOrganisation();
      expect([...first.models.keys()].sort()).toEqual(CATALOGUE.map(({ id }) => id).sort());
      expect([...first.models.values()].every(({ enabled }) => enabled)).toBe(true);
      expect(await registerModels(access)([{ id: 'claude-a' }])).toEqual(['claude-a']);
      await change({ kind: 'new-models', arrive: 'off' });
      expect(await registerModels(access)([{ id: 'claude-a' }, { id: 'claude-b' }])).toEqual(['claude-b']);
      const { models } = await store.readOrganisation();
      expect([models.get('claude-a')?.enabled, models.get('claude-b')?.enabled]).toEqual([true, false]);
    });

    it('change nothing when there are none: a restart gives the policy no new version', async () => {
      const { access, policy } = await start();
      const { version } = policy.current();
      expect(await registerModels(access)(CATALOGUE)).toEqual([]);
      await policy.refresh();
      expect(policy.current().version).toBe(version);
    });

    it('are remembered when the provider lists them, updated when it says something new, and otherwise left alone', async () => {
      const { access, policy, store } = await start();
      const shipped = CATALOGUE.map((model) => toModelInfo(model, model.efforts));
      const found = toModelInfo(newModel('claude-opus-6'), ['low', 'high']);
      const remember = rememberDiscoveredModels(access);
      expect(await remember(CATALOGUE, [...shipped, found])).toEqual(['claude-opus-6']);
      await policy.refresh();
      expect(policy.current().index.byId.get('claude-opus-6')?.efforts).toEqual(['low', 'high']);
      const { version } = policy.current();
      expect(await remember(CATALOGUE, [found])).toEqual([]);
      await policy.refresh();
      expect(policy.current().version).toBe(version);
      await remember(CATALOGUE, [{ ...found, display_name: 'Claude Opus 6' }]);
      await policy.refresh();
      expect(policy.current().index.byId.get('claude-opus-6')?.displayName).toBe('Claude Opus 6');
      expect((await store.readDiscovered()).map(({ id }) => id)).toEqual(['claude-opus-6']);
    });

    it('are registered once when several nodes discover them at the same moment', async () => {
      const { access, store } = await start();
      const found = toModelInfo(newModel('claude-opus-6'), []);
      const fresh = await Promise.all([1, 2, 3].map(() => rememberDiscoveredModels(access)(CATALOGUE, [found])));
      expect(fresh.flat()).toEqual(['claude-opus-6']);
      expect((await store.readOrganisation()).models.get('claude-opus-6')).toEqual({ enabled: true, maxEffort: null });
    });
  });
});

describe('a set of edits', () => {
  const index = indexModels(CATALOGUE);
  const before = {
    organisation: {
      models: new Map(CATALOGUE.map(({ id }) => [id, { enabled: id !== OPUS, maxEffort: null }])),
      defaultModel: SONNET,
      defaultEffort: null,
      effortAction: 'clamp' as const,
      newModels: 'on' as const,
      capabilitiesOff: new Set<never>(),
      capabilityOverrides: new Map<never, never>(),
      connectors: NO_CONNECTORS,
      unlistedServers: 'allow' as const,
    },
    roles: new Map(),
  };
  const edits: readonly PolicyEdit[] = [
    off(SONNET),
    { kind: 'organisation-default', model: OPUS },
    { kind: 'organisation-model', model: OPUS, enabled: true },
  ];

  it('means the same in whatever order somebody clicked', () => {
    const orders = [edits, [...edits].reverse(), [edits[1], edits[0], edits[2]].flatMap((edit) => edit ?? [])];
    const states = orders.map((order) => editState(before, index, order).state.organisation);
    for (const state of states) {
      expect([state.models.get(OPUS)?.enabled, state.models.get(SONNET)?.enabled, state.defaultModel]).toEqual([
        true,
        false,
        OPUS,
      ]);
    }
  });
});
