import type { Doer } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { notFound } from '../../wire.ts';
import { signInStore } from '../store.ts';
import { identityStore } from './store.ts';

/** Unlinks an account from a member and ends the member's sessions. The next sign-in may link another. */
export const unlinkIdentity =
  ({ database, record }: DirectoryDeps) =>
  (userId: string, identityId: string, by: Doer): Promise<void> =>
    database.transaction(async (sql) => {
      const identities = identityStore(sql);
      const identity = (await identities.listOf(userId)).find(({ id }) => id === identityId);
      if (identity === undefined) throw notFound('identity of this member', identityId);
      await identities.delete(identityId);
      await signInStore(sql).endSessionsOf(userId);
      await record(sql, by, { type: 'remit_identity_unlinked', user_id: userId, connection_id: identity.provider_id });
    });
