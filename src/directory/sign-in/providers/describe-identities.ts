import type { Sql } from '../../../platform/index.ts';
import { toWireTime } from '../../wire.ts';
import { identityStore, providerStore } from './store.ts';

/** The accounts that sign in as a member, with the names of their providers. */
export const describeIdentities = async ({ database }: { readonly database: Sql }, userId: string) => {
  const names = new Map((await providerStore(database).list()).map(({ id, name }) => [id, name]));
  return (await identityStore(database).listOf(userId)).map(
    ({ id, provider_id, account, linked_at, last_used_at }) => ({
      id,
      type: 'user_identity' as const,
      provider_id,
      provider_name: names.get(provider_id) ?? provider_id,
      account,
      linked_at: toWireTime(linked_at),
      last_used_at: toWireTime(last_used_at),
    }),
  );
};
