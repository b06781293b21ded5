import { Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import { groupStore } from '../../groups/store.ts';
import { roleStore } from '../../roles/store.ts';
import type { ScimTables } from '../../scim/tables.ts';
import { settingsStore } from '../settings/store.ts';
import type { Provider } from './provider.ts';
import { providerStore } from './store.ts';

const unfit = (message: string, error_code: string) =>
  new Refusal('invalid_request', message, { details: { error_code } });

/** Refuses settings under which strangers could get in, or everybody would be locked out. */
export const refuseUnsafe = async (sql: Sql, provider: Provider): Promise<void> => {
  refuseUnclear(provider);
  await refuseTakenDomains(sql, provider);
  await refuseUnknownTargets(sql, provider);
  if (provider.isOn && provider.domains.some(({ isEnforced }) => isEnforced)) await needsWayIn(sql);
};

const refuseUnclear = ({ issuer, settings, provisioning }: Provider): void => {
  const { protocol, username, search, hash } = new URL(issuer);
  if (!/^https?:$/.test(protocol) || username !== '' || search !== '' || hash !== '')
    throw unfit('The issuer is an https address without user, query or fragment.', 'issuer_invalid');
  if (settings.identityKey === 'tid_oid' && settings.tenantIds.length === 0)
    throw unfit(
      'Name the tenants whose accounts may sign in; otherwise every tenant of the world could.',
      'tenant_ids_missing',
    );
  const usesDirectory = settings.linkBy.startsWith('scim_') || provisioning === 'scim';
  if (usesDirectory && settings.directoryId === null)
    throw unfit('Choose the SCIM directory whose people sign in through this provider.', 'directory_missing');
};

const refuseTakenDomains = async (sql: Sql, { id, domains }: Provider): Promise<void> => {
  const names = domains.map(({ domain }) => domain);
  if (new Set(names).size < names.length) throw unfit('A domain is named twice.', 'domain_repeated');
  for (const domain of names) {
    const holder = await providerStore(sql).findByDomain(domain);
    if (holder !== undefined && holder.provider.id !== id)
      throw new Refusal('conflict', `${domain} signs in through “${holder.provider.name}” already.`, {
        details: { error_code: 'domain_taken', domain },
      });
  }
};

const refuseUnknownTargets = async (sql: Sql, { settings, mappings }: Provider): Promise<void> => {
  for (const { target } of mappings) {
    if (target.type === 'rbac_group' && (await groupStore(sql).find(target.id)) === undefined)
      throw unfit(`There is no group with the id ${target.id}.`, 'rbac_group_not_found');
    if (target.type === 'rbac_role' && (await roleStore(sql).find(target.id)) === undefined)
      throw unfit(`There is no custom role with the id ${target.id}.`, 'rbac_role_not_found');
  }
  if (settings.directoryId === null) return;
  const directory = await sql
    .tables<ScimTables>()
    .selectFrom('scim_directories')
    .select('id')
    .where('id', '=', settings.directoryId)
    .executeTakeFirst();
  if (directory === undefined)
    throw unfit(`There is no directory with the id ${settings.directoryId}.`, 'directory_not_found');
};

/** Refuses where no owner could sign in without a provider. */
export const needsWayIn = async (sql: Sql): Promise<void> => {
  if ((await settingsStore(sql).breakGlassIds()).length > 0) return;
  throw new Refusal(
    'conflict',
    'Name an owner as an emergency account first: were the provider to fail, nobody could sign in any more.',
    { details: { error_code: 'break_glass_account_missing' } },
  );
};
