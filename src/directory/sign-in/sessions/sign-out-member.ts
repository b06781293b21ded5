import { actorOf, type Doer, Refusal, type RefusalCode } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { signOutDevices } from '../../device-grants/end-grants.ts';
import { type Member, memberStore } from '../../members/store.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { sessionStore } from './store.ts';

const cannot = (code: RefusalCode, who: string, message: string): Refusal =>
  new Refusal(code, message, { details: { error_code: `cannot_sign_out_${who}` } });

/** Who may not be signed out by whom, in the codes of the Admin API. */
const refuseProtected = (by: Doer, member: Member): void => {
  const actor = actorOf(by);
  if (actor.kind === 'member' && actor.userId === member.id)
    throw cannot('invalid_request', 'self', 'Sign yourself out on the page “My security”.');
  if (member.role === 'primary_owner')
    throw cannot('invalid_request', 'primary_owner', 'The primary owner cannot be signed out by somebody else.');
  if (actor.kind !== 'member' || actor.role === 'owner' || actor.role === 'primary_owner') return;
  if (member.role === 'owner')
    throw cannot('permission_denied', 'owner', 'Only an owner or an admin key can sign out an owner.');
  if (member.role === 'membership_admin')
    throw cannot('permission_denied', 'membership_admin', 'Only an owner or an admin key can sign out an admin.');
};

/** Ends every session and device of a member, who may sign in again; their keys are left alone (Admin API, `sign_out`). */
export const signOutMember =
  (deps: DirectoryDeps) =>
  (userId: string, by: Doer): Promise<Member> =>
    changeInTurn(deps.database, async (sql) => {
      const member = await memberStore(sql).find(userId);
      if (member === undefined) throw notFound('member', userId);
      refuseProtected(by, member);
      const ended = await sessionStore(sql).endOf(userId);
      const devices = await signOutDevices(deps, sql, userId);
      await deps.record(sql, by, {
        type: 'org_user_trusted_devices_revoked',
        user_id: userId,
        completed: true,
        devices_revoked_count: devices,
        sessions_revoked_count: ended,
      });
      return member;
    });
