import type { Insertable, Selectable } from 'kysely';
import type { Sql } from '../../../platform/index.ts';
import type { SignInTables } from '../tables.ts';
import { mappingOf, type Provider, type ProviderDomain, type ProviderSettings } from './provider.ts';
import type { Mapping } from './rules/map-groups.ts';
import type { Subject } from './rules/read-claims.ts';

export type StoredIdentity = Readonly<Selectable<SignInTables['external_identities']>>;
export type StoredFlow = Readonly<Selectable<SignInTables['sign_in_flows']>>;

/** Where identity providers live, with their domains and mappings. */
export const providerStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  const complete = async (rows: readonly Selectable<SignInTables['identity_providers']>[]) => {
    const domains = await tables.selectFrom('identity_provider_domains').selectAll().orderBy('domain').execute();
    const mappings = await tables
      .selectFrom('identity_provider_mappings')
      .selectAll()
      .orderBy('group_name')
      .orderBy('target_type')
      .orderBy('target_id')
      .execute();
    return rows.map(
      ({ settings, is_on, ...row }): Provider => ({
        ...row,
        isOn: is_on === 1,
        settings: JSON.parse(settings) as ProviderSettings,
        domains: domains
          .filter(({ provider_id }) => provider_id === row.id)
          .map(({ domain, is_enforced }) => ({ domain, isEnforced: is_enforced === 1 })),
        mappings: mappings
          .filter(({ provider_id }) => provider_id === row.id)
          .flatMap(
            ({ group_name, target_type, target_id }) =>
              mappingOf(group_name, { type: target_type, id: target_id }) ?? [],
          ),
      }),
    );
  };
  const all = () => tables.selectFrom('identity_providers').selectAll().orderBy('id');
  return {
    list: async (): Promise<readonly Provider[]> => complete(await all().execute()),
    find: async (id: string): Promise<Provider | undefined> =>
      (await complete(await all().where('id', '=', id).execute()))[0],
    /** The provider that stands for a domain, on or off. */
    findByDomain: async (domain: string): Promise<{ provider: Provider; isEnforced: boolean } | undefined> => {
      const row = await tables
        .selectFrom('identity_provider_domains')
        .selectAll()
        .where('domain', '=', domain)
        .executeTakeFirst();
      const [provider] =
        row === undefined ? [] : await complete(await all().where('id', '=', row.provider_id).execute());
      return row === undefined || provider === undefined ? undefined : { provider, isEnforced: row.is_enforced === 1 };
    },
    /** Whether the people of some domain sign in through their provider only. */
    isAnyEnforced: async (): Promise<boolean> => {
      const row = await tables
        .selectFrom('identity_provider_domains')
        .innerJoin('identity_providers', 'identity_providers.id', 'identity_provider_domains.provider_id')
        .select('domain')
        .where('is_on', '=', 1)
        .where('is_enforced', '=', 1)
        .executeTakeFirst();
      return row !== undefined;
    },
    save: async (provider: Provider): Promise<void> => {
      const { isOn, settings, domains, mappings, ...rest } = provider;
      const row = { ...rest, is_on: isOn ? 1 : 0, settings: JSON.stringify(settings) };
      await tables
        .insertInto('identity_providers')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute();
      await replaceParts(sql, provider.id, { domains, mappings });
    },
    delete: async (id: string): Promise<void> => {
      await replaceParts(sql, id, { domains: [], mappings: [] });
      await tables.deleteFrom('external_identities').where('provider_id', '=', id).execute();
      await tables.deleteFrom('sign_in_flows').where('provider_id', '=', id).execute();
      await tables.deleteFrom('identity_providers').where('id', '=', id).execute();
    },
    endSessions: async (id: string): Promise<void> => {
      await tables.deleteFrom('sessions').where('provider_id', '=', id).execute();
    },
  };
};

type Parts = { readonly domains: readonly ProviderDomain[]; readonly mappings: readonly Mapping[] };

const replaceParts = async (sql: Sql, providerId: string, { domains, mappings }: Parts): Promise<void> => {
  const tables = sql.tables<SignInTables>();
  await tables.deleteFrom('identity_provider_domains').where('provider_id', '=', providerId).execute();
  await tables.deleteFrom('identity_provider_mappings').where('provider_id', '=', providerId).execute();
  const domainRows = domains.map(({ domain, isEnforced }) => ({
    domain,
    provider_id: providerId,
    is_enforced: isEnforced ? 1 : 0,
  }));
  if (domainRows.length > 0) await tables.insertInto('identity_provider_domains').values(domainRows).execute();
  const mappingRows = mappings.map(({ group, target }) => ({
    provider_id: providerId,
    group_name: group,
    target_type: target.type,
    target_id: target.id,
  }));
  if (mappingRows.length > 0) await tables.insertInto('identity_provider_mappings').values(mappingRows).execute();
};

/** Which account at a provider is which member. */
export const identityStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  return {
    find: ({ issuer, subject }: Subject): Promise<StoredIdentity | undefined> =>
      tables
        .selectFrom('external_identities')
        .selectAll()
        .where('issuer', '=', issuer)
        .where('subject', '=', subject)
        .executeTakeFirst(),
    listOf: (userId: string): Promise<readonly StoredIdentity[]> =>
      tables.selectFrom('external_identities').selectAll().where('user_id', '=', userId).orderBy('id').execute(),
    insert: async (identity: Insertable<SignInTables['external_identities']>): Promise<void> => {
      await tables.insertInto('external_identities').values(identity).execute();
    },
    touch: async (id: string, account: string | null, now: number): Promise<void> => {
      await tables
        .updateTable('external_identities')
        .set({ account, last_used_at: now })
        .where('id', '=', id)
        .execute();
    },
    delete: async (id: string): Promise<void> => {
      await tables.deleteFrom('external_identities').where('id', '=', id).execute();
    },
  };
};

/** Sign-ins under way. */
export const flowStore = (sql: Sql) => {
  const tables = sql.tables<SignInTables>();
  return {
    insert: async (flow: StoredFlow): Promise<void> => {
      await tables.insertInto('sign_in_flows').values(flow).execute();
    },
    /** Takes a flow by its state, so that nobody else can finish it; a test stays, for its result. */
    take: async (stateHash: string, spentHash: string): Promise<StoredFlow | undefined> => {
      const flow = await tables
        .updateTable('sign_in_flows')
        .set({ state_hash: spentHash })
        .where('state_hash', '=', stateHash)
        .returningAll()
        .executeTakeFirst();
      if (flow?.purpose === 'sign_in') await tables.deleteFrom('sign_in_flows').where('id', '=', flow.id).execute();
      return flow;
    },
    setResult: async (id: string, result: string): Promise<void> => {
      await tables.updateTable('sign_in_flows').set({ result }).where('id', '=', id).execute();
    },
    findTest: (id: string, providerId: string, now: number): Promise<StoredFlow | undefined> =>
      tables
        .selectFrom('sign_in_flows')
        .selectAll()
        .where('id', '=', id)
        .where('provider_id', '=', providerId)
        .where('purpose', '=', 'test')
        .where('expires_at', '>', now)
        .executeTakeFirst(),
    deleteExpired: async (now: number): Promise<void> => {
      await tables.deleteFrom('sign_in_flows').where('expires_at', '<=', now).execute();
    },
  };
};
