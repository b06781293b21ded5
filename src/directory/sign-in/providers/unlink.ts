import { actorOf, type Doer } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { signOutDevices } from '../../device-grants/end-grants.ts';
import { protectOwners } from '../../members/protect-owners.ts';
import { memberStore } from '../../members/store.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { signInStore } from '../store.ts';
import { identityStore } from './store.ts';

/**
 * Unlinks an account from a member and ends all sessions and devices of theirs. The next sign-in may link another; so that of an owner or
 * admin is unlinked by owners only.
 */
export const unlinkIdentity =
  (deps: DirectoryDeps) =>
  (userId: string, identityId: string, by: Doer): Promise<void> =>
    changeInTurn(deps.database, async (sql) => {
      const member = await memberStore(sql).findPresent(userId);
      if (member === undefined) throw notFound('member', userId);
      protectOwners(actorOf(by), member.role);
      const identities = identityStore(sql);
      const identity = (await identities.listOf(userId)).find(({ id }) => id === identityId);
      if (identity === undefined) throw notFound('identity of this member', identityId);
      await identities.delete(identityId);
      await signInStore(sql).endSessionsOf(userId);
      await signOutDevices(deps, sql, userId);
      await deps.record(sql, by, {
        type: 'remit_identity_unlinked',
        user_id: userId,
        connection_id: identity.provider_id,
      });
    });
