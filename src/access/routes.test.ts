import { afterEach, beforeEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { acceptConfiguredKey } from '../directory/api-keys/accept-configured-key.ts';
import { createGroup } from '../directory/groups/change-group.ts';
import { addGroupMember, attachGroupRole } from '../directory/groups/change-membership.ts';
import { attachMemberRole } from '../directory/members/attach-role.ts';
import { BY_TEST } from '../directory/testing/open-directory.ts';
import { type Access, HAIKU, OPUS, openAccess, SONNET } from './testing/open-access.ts';

const KEY = 'an-admin-key-of-the-configuration-0001';
const ROOT = '/v1/organizations';

type Row = Record<string, unknown> & { model: string };

const rowOf = (body: Record<string, unknown>, model: string): Row | undefined =>
  (body.models as readonly Row[]).find((one) => one.model === model);

forEachDatabase((_engine, open) => {
  let access: Access;
  beforeEach(async () => {
    access = await openAccess(await open());
    await acceptConfiguredKey(access.deps)(KEY);
  });
  afterEach(() => access.policy.close());
  const ask = (line: string, body?: unknown) =>
    access.send(line, { key: KEY, ...(body === undefined ? {} : { body }) });

  it('shows and sets the rule for one model, by its id or an alias, and answers 404 for what is no one model', async () => {
    const set = await ask(`POST ${ROOT}/model_access/${OPUS}`, { max_effort: 'high' });
    expect(set.body).toMatchObject({ type: 'model_access', model: OPUS, enabled: true, max_effort: 'high' });
    expect((await ask(`GET ${ROOT}/model_access/${OPUS}`)).body).toEqual(set.body);
    const aliased = await ask(`GET ${ROOT}/model_access/claude-sonnet-4-5`);
    expect(aliased.body).toMatchObject({ model: 'claude-sonnet-4-5-20250929' });
    for (const name of ['opus', 'default', 'nonsense', '__proto__', '%E0%A4%A'])
      expect([name, (await ask(`GET ${ROOT}/model_access/${name}`)).status]).toEqual([name, 404]);
    expect((await ask(`GET ${ROOT}/model_access`)).body.data).toContainEqual(set.body);
  });

  it('refuses an effort that does not exist and a field that is not there, and changes nothing', async () => {
    const path = `POST ${ROOT}/model_access/${OPUS}`;
    const wrong = await ask(path, { max_effort: 'extreme' });
    expect(wrong).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('max_effort') } } });
    const unknown = await ask(path, { maxEffort: 'low' });
    expect(unknown).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('maxEffort') } } });
    expect((await ask(`GET ${ROOT}/model_access/${OPUS}`)).body.max_effort).toBeNull();
  });

  it('sets what a role grants, and shows where the organisation stands above it', async () => {
    const { id } = await access.role('Writers');
    const path = `${ROOT}/rbac_roles/${id}/model_access`;
    expect((await ask(`GET ${path}`)).body).toMatchObject({ mode: 'all', group_count: 0 });
    const set = await ask(`POST ${path}/${OPUS}`, { enabled: true, max_effort: 'low' });
    expect(set.body).toMatchObject({ model: OPUS, enabled: true, max_effort: 'low', locked_by_organization: false });
    await ask(`POST ${ROOT}/model_access/${OPUS}`, { enabled: false });
    const shown = (await ask(`GET ${path}`)).body;
    expect(shown.mode).toBe('selected');
    expect(rowOf(shown, OPUS)).toMatchObject({ max_effort: 'low', locked_by_organization: true });
    expect((await ask(`POST ${path}/${OPUS}`, { enabled: true })).status).toBe(400);
    expect((await ask(`POST ${ROOT}/rbac_roles/rbac_role_x/model_access/${OPUS}`, {})).status).toBe(404);
  });

  it('saves several edits at once against the version they were made on', async () => {
    const matrix = (await ask(`GET ${ROOT}/model_matrix`)).body;
    const edits = [
      { type: 'organization_model', model: OPUS, enabled: false },
      { type: 'organization_settings', effort_action: 'observe', default_model: SONNET },
    ];
    const saved = await ask(`POST ${ROOT}/model_matrix`, { edits, if_version: matrix.version });
    expect(saved.body).toMatchObject({
      version: Number(matrix.version) + 1,
      settings: { effort_action: 'observe', default_model: SONNET, new_models: 'on' },
    });
    expect(rowOf(saved.body, OPUS)).toMatchObject({ enabled: false });
    const late = await ask(`POST ${ROOT}/model_matrix`, { edits, if_version: matrix.version });
    expect(late).toMatchObject({ status: 409, body: { error: { details: { error_code: 'version_conflict' } } } });
  });

  it("shows and sets the organisation's settings and a role's defaults", async () => {
    const { id } = await access.role('Writers');
    const settings = await ask(`POST ${ROOT}/model_settings`, { new_models: 'off', default_effort: 'low' });
    expect(settings.body).toMatchObject({ new_models: 'off', default_effort: 'low', effort_action: 'clamp' });
    expect((await ask(`GET ${ROOT}/model_settings`)).body).toEqual(settings.body);
    const role = await ask(`POST ${ROOT}/rbac_roles/${id}/model_defaults`, { default_model: SONNET });
    expect(role.body).toMatchObject({ default_model: SONNET, default_effort: null });
    const refused = await ask(`POST ${ROOT}/model_access/${SONNET}`, { enabled: false });
    expect(refused).toMatchObject({
      status: 400,
      body: { error: { details: { error_code: 'model_is_default', roles: [id] } } },
    });
  });

  it('explains what a member may use: the role and group that grant it, or the level that stops it', async () => {
    const { deps, add, role, keyOf } = access;
    const ada = await add('ada', 'managed');
    const [viaGroup, direct] = [await role('Writers'), await role('Researchers')];
    const group = await createGroup(deps)('Builders', BY_TEST);
    await addGroupMember(deps)(group.id, ada.id, BY_TEST);
    await attachGroupRole(deps)(group.id, viaGroup.id, BY_TEST);
    await attachMemberRole(deps)(ada.id, direct.id, BY_TEST);
    await ask(`POST ${ROOT}/rbac_roles/${viaGroup.id}/model_access/${SONNET}`, { max_effort: 'low' });
    for (const { id } of [viaGroup, direct])
      await ask(`POST ${ROOT}/rbac_roles/${id}/model_access/${OPUS}`, { enabled: false });
    await ask(`POST ${ROOT}/rbac_roles/${direct.id}/model_access/${SONNET}`, { enabled: false });
    await ask(`POST ${ROOT}/model_access/claude-opus-5`, { enabled: false });

    const { body } = await ask(`GET ${ROOT}/users/${ada.id}/effective_access`);
    expect(body).toMatchObject({
      subject: { type: 'user', id: ada.id, name: ada.name },
      organization_role: 'managed',
      bound_by_roles: true,
    });
    expect(rowOf(body, SONNET)).toMatchObject({
      allowed: true,
      max_effort: 'low',
      efforts: ['low'],
      stopped_by: null,
      granted_by: [{ role_id: viaGroup.id, via: 'group', rbac_group_id: group.id, rbac_group_name: 'Builders' }],
    });
    expect(rowOf(body, OPUS)).toMatchObject({ allowed: false, stopped_by: 'roles', granted_by: [], efforts: [] });
    expect(rowOf(body, 'claude-opus-5')).toMatchObject({ allowed: false, stopped_by: 'organization' });
    expect(rowOf(body, HAIKU)).toMatchObject({ allowed: true });

    const key = await keyOf(ada);
    expect((await access.send('GET /v1/me/effective_access', { key })).body).toEqual(body);
    const service = await ask(`GET ${ROOT}/rbac_groups/${group.id}/effective_access`);
    expect(service.body).toMatchObject({ subject: { type: 'rbac_group', name: 'Builders' }, organization_role: null });
    expect(rowOf(service.body, SONNET)).toMatchObject({ allowed: true, max_effort: 'low' });
  });

  it('says that custom roles do not bind a member with a built-in role', async () => {
    const ada = await access.add('ada');
    const { body } = await ask(`GET ${ROOT}/users/${ada.id}/effective_access`);
    expect(body).toMatchObject({ bound_by_roles: false, organization_role: 'user' });
    expect(rowOf(body, OPUS)).toMatchObject({ allowed: true });
  });

  it('answers 404 for the access of nobody, and 403 for "mine" to a key that is no member', async () => {
    expect((await ask(`GET ${ROOT}/users/user_x/effective_access`)).status).toBe(404);
    expect((await ask(`GET ${ROOT}/rbac_groups/rbac_group_x/effective_access`)).status).toBe(404);
    expect((await ask('GET /v1/me/effective_access')).status).toBe(403);
  });

  it('previews edits over HTTP and saves nothing', async () => {
    await access.add('ada');
    const edits = [{ type: 'organization_model', model: OPUS, enabled: false }];
    const preview = await ask(`POST ${ROOT}/model_matrix/preview`, { edits });
    expect(preview.body).toMatchObject({
      type: 'policy_preview',
      members: { losing: 1 },
      requests: { days: 30, total: 0 },
    });
    expect((await ask(`GET ${ROOT}/model_access/${OPUS}`)).body.enabled).toBe(true);
  });
});
