import { actorOf, type Doer } from '../../kernel/index.ts';
import { hashSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { protectAdministrators } from '../members/protect-owners.ts';
import { memberStore } from '../members/store.ts';
import { changeInTurn, type PolicyChange } from '../policy-changes.ts';
import { asMember } from '../sign-in/as-member.ts';
import { notFound } from '../wire.ts';
import { readRefreshToken } from './rules/tokens.ts';
import { deviceGrantStore, type StoredGrant } from './store.ts';
import type { GrantEnd } from './tables.ts';

/** The change of policy that a grant's beginning, renewal or end is. */
const touched = (id: string): PolicyChange => ({ entity: 'device_grant', id });

/** Ends every device of a member within somebody's change of them; answers what of the policy that changes. */
export const endGrantsOf = async (
  sql: Sql,
  userId: string,
  ending: { readonly reason: GrantEnd; readonly at: number },
): Promise<readonly PolicyChange[]> => (await deviceGrantStore(sql).endOf(userId, ending)).map(touched);

/**
 * Signs a member out of every device within a change that has its turn: they, an administrator or their provider signed
 * them out everywhere, or what they sign in with has changed. Answers how many devices that were.
 */
export const signOutDevices = async (
  { changePolicy, now }: Pick<DirectoryDeps, 'changePolicy' | 'now'>,
  sql: Sql,
  userId: string,
): Promise<number> => {
  const ended = await endGrantsOf(sql, userId, { reason: 'signed_out_everywhere', at: now() });
  if (ended.length > 0) await changePolicy(sql, ...ended);
  return ended.length;
};

type EndDeps = Pick<DirectoryDeps, 'database' | 'changePolicy' | 'record' | 'now'>;

type End = { readonly grant: StoredGrant; readonly reason: GrantEnd; readonly by: Doer };

const endIn = async ({ changePolicy, record, now }: EndDeps, sql: Sql, { grant, reason, by }: End): Promise<void> => {
  if (!(await deviceGrantStore(sql).end(grant.id, { reason, at: now() }))) return;
  await changePolicy(sql, touched(grant.id));
  await record(sql, by, {
    type: 'trusted_device_revoked',
    reason: reason === 'ended_by_administrator' ? 'unspecified' : 'user_revoked',
    revoked_count: 1,
    trusted_device_id: grant.id,
    user_id: grant.user_id,
  });
};

/**
 * Ends a device of a member: its next request is refused and what it streams stops, on every node within a second. It is
 * the member's own (`userId` is whoever asks), or an administrator's to end. One of somebody else is `not_found`.
 */
export const endGrant =
  (deps: EndDeps) =>
  (userId: string, grantId: string, by: Doer): Promise<void> =>
    changeInTurn(deps.database, async (sql) => {
      const grant = await deviceGrantStore(sql).find(grantId);
      if (grant === undefined || grant.user_id !== userId || grant.ended_at !== null) throw notFound('device', grantId);
      const actor = actorOf(by);
      const isOwn = actor.kind === 'member' && actor.userId === userId;
      const member = isOwn ? undefined : await memberStore(sql).findPresent(userId);
      if (member !== undefined) protectAdministrators(by, member.role);
      await endIn(deps, sql, { grant, reason: isOwn ? 'ended_by_member' : 'ended_by_administrator', by });
    });

/** Ends the device one of whose tokens this is (RFC 7009 §2.1): either kind ends both. Any other text does nothing. */
export const revokeToken =
  (deps: EndDeps) =>
  async (token: string, from: Doer): Promise<void> => {
    const grants = deviceGrantStore(deps.database);
    const refresh = readRefreshToken(token);
    const grant = await (refresh === undefined
      ? grants.findByAccess(hashSecret(token))
      : grants.findByFamily(hashSecret(refresh.family)));
    if (grant === undefined) return;
    const member = await memberStore(deps.database).findPresent(grant.user_id);
    const by = member === undefined ? from : asMember(from, member);
    await changeInTurn(deps.database, (sql) => endIn(deps, sql, { grant, reason: 'signed_out', by }));
  };
