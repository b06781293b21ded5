import type { NewActivity, Update } from '../../../activity/index.ts';
import { type Doer, Refusal } from '../../../kernel/index.ts';
import type { BodyOf } from '../../../platform/contract.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { protectAdministrators } from '../../members/protect-owners.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound, toWireTime } from '../../wire.ts';
import type { createIdentityProvider, updateIdentityProvider } from './contract.ts';
import { aboutClientSecret, DEFAULT_SETTINGS, mappingOf, type Provider } from './provider.ts';
import { refuseUnsafe } from './refuse-unsafe.ts';
import { providerStore } from './store.ts';

type Changes = BodyOf<typeof updateIdentityProvider>;

const findIn = async (sql: Sql, id: string): Promise<Provider> => {
  const provider = await providerStore(sql).find(id);
  if (provider === undefined) throw notFound('identity provider', id);
  return provider;
};

const mappingsOf = (given: NonNullable<Changes['mappings']>): Provider['mappings'] =>
  given.map(({ group, target_type, target_id }) => {
    const mapping = mappingOf(group, { type: target_type, id: target_id });
    if (mapping === undefined)
      throw new Refusal(
        'invalid_request',
        `“${target_id}” is no organisation role a group can give: owner, membership_admin, managed or user.`,
      );
    return mapping;
  });

const settingsOf = ({ settings }: Provider, changes: Changes): Provider['settings'] => ({
  scopes: changes.scopes ?? settings.scopes,
  identityKey: changes.identity_key ?? settings.identityKey,
  tenantIds: changes.tenant_ids ?? settings.tenantIds,
  linkBy: changes.link_by ?? settings.linkBy,
  linkClaim: changes.link_claim ?? settings.linkClaim,
  emailVerification: changes.email_verification ?? settings.emailVerification,
  groupsClaim: changes.groups_claim ?? settings.groupsClaim,
  directoryId: changes.directory_id === undefined ? settings.directoryId : changes.directory_id,
});

const changed = ({ secrets, now }: DirectoryDeps, provider: Provider, changes: Changes): Provider => ({
  ...provider,
  name: changes.name ?? provider.name,
  issuer: changes.issuer ?? provider.issuer,
  client_id: changes.client_id ?? provider.client_id,
  client_secret:
    changes.client_secret == null
      ? changes.client_secret === null
        ? null
        : provider.client_secret
      : secrets.seal(changes.client_secret, aboutClientSecret(provider.id)),
  isOn: changes.is_on ?? provider.isOn,
  provisioning: changes.provisioning ?? provider.provisioning,
  settings: settingsOf(provider, changes),
  domains: changes.domains?.map(({ domain, is_enforced }) => ({ domain, isEnforced: is_enforced })) ?? provider.domains,
  mappings: changes.mappings === undefined ? provider.mappings : mappingsOf(changes.mappings),
  // Two changes in one millisecond still differ, for whoever compares.
  updated_at: Math.max(now(), provider.updated_at + 1),
});

/** Only owners in person map groups to owners and admins, as in a directory: whoever is in the group becomes one. */
const protectMapped = (by: Doer, before: Provider, after: Provider): void => {
  const known = new Set(before.mappings.map((mapping) => JSON.stringify(mapping)));
  for (const mapping of after.mappings)
    if (mapping.target.type === 'organization_role' && !known.has(JSON.stringify(mapping)))
      protectAdministrators(by, mapping.target.id);
};

/** Adds an identity provider. */
export const addProvider =
  (deps: DirectoryDeps) =>
  (wanted: BodyOf<typeof createIdentityProvider>, by: Doer): Promise<Provider> =>
    changeInTurn(deps.database, async (sql) => {
      const at = deps.now();
      const { name, issuer, client_id } = wanted;
      const blank: Provider = {
        ...{ id: deps.newId('identityProvider'), name, issuer, client_id, client_secret: null, isOn: false },
        ...{ provisioning: 'invite_only', settings: DEFAULT_SETTINGS, domains: [], mappings: [] },
        ...{ created_at: at, updated_at: at },
      };
      const provider = changed(deps, blank, wanted);
      protectMapped(by, blank, provider);
      await refuseUnsafe(sql, provider);
      await providerStore(sql).save(provider);
      await deps.record(sql, by, { type: 'org_sso_add_initiated', connection_id: provider.id });
      return provider;
    });

/** Changes an identity provider. Switched off, or with another issuer, the sessions it opened end. */
export const changeProvider =
  (deps: DirectoryDeps) =>
  (id: string, changes: Changes, by: Doer): Promise<Provider> =>
    changeInTurn(deps.database, async (sql) => {
      const before = await findIn(sql, id);
      const expected = changes.expected_updated_at;
      if (expected !== undefined && expected !== toWireTime(before.updated_at))
        throw new Refusal(
          'conflict',
          'Somebody else has changed this identity provider meanwhile. Reload and look again.',
          {
            details: { error_code: 'changed_meanwhile' },
          },
        );
      const after = changed(deps, before, changes);
      protectMapped(by, before, after);
      await refuseUnsafe(sql, after);
      const store = providerStore(sql);
      await store.save(after);
      if (!after.isOn || after.issuer !== before.issuer) await store.endSessions(id);
      await deps.record(sql, by, ...whatHappened(before, after));
      return after;
    });

/** Deletes an identity provider with the links of its accounts; its sessions end, members stay. */
export const deleteProvider =
  ({ database, record }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      await findIn(sql, id);
      const store = providerStore(sql);
      await store.endSessions(id);
      await store.delete(id);
      await record(sql, by, { type: 'org_sso_connection_deleted', connection_id: id });
    });

const PLAIN = ['name', 'issuer', 'client_id', 'settings', 'domains', 'mappings'] as const;

const differences = (before: Provider, after: Provider): readonly Update[] => [
  ...PLAIN.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key])).map((key) => ({
    type: key,
    previous_value: before[key],
    current_value: after[key],
  })),
  // That there is another secret is worth knowing, what it is nobody's business.
  ...(before.client_secret === after.client_secret
    ? []
    : [{ type: 'client_secret', previous_value: null, current_value: null }]),
];

const isEnforced = ({ isOn, domains }: Provider): boolean => isOn && domains.some((one) => one.isEnforced);

const whatHappened = (before: Provider, after: Provider): readonly NewActivity[] => {
  const connection_id = after.id;
  const activities: NewActivity[] = [
    { type: 'remit_identity_provider_updated', connection_id, updates: differences(before, after) },
  ];
  if (before.isOn !== after.isOn)
    activities.push(
      after.isOn
        ? { type: 'org_sso_connection_activated', connection_id, connection_type: 'OIDC' }
        : { type: 'org_sso_connection_deactivated', connection_id },
    );
  if (before.provisioning !== after.provisioning)
    activities.push({
      type: 'org_sso_provisioning_mode_changed',
      connection_id,
      previous_mode: before.provisioning,
      new_mode: after.provisioning,
    });
  if (isEnforced(before) !== isEnforced(after))
    activities.push({ type: 'org_sso_toggled', connection_id, enabled: isEnforced(after) });
  return activities;
};
