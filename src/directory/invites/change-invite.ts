import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { protectAdministrators } from '../members/protect-owners.ts';
import { protectGroupPermissions } from '../members/protect-stronger.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { readAutomaticJoining } from './automatic-joining.ts';
import { checkInvite, readInviteFacts } from './check-invite.ts';
import { INVITE_LIFETIME_MS, mailLinks, type SentInvite } from './create-invite.ts';
import { type InviteStatus, statusOf } from './rules/invite-status.ts';
import { inviteStore, type StoredInvite } from './store.ts';

type Wanted = { readonly id: string; readonly statuses: readonly InviteStatus[]; readonly at: number };

/**
 * Gives a pending or expired invite a new link and 21 days from now; the link that was sent before ends. Refused where
 * people of the domain have come to join by themselves.
 */
export const resendInvite =
  (deps: DirectoryDeps) =>
  (id: string, by: Doer): Promise<SentInvite> => {
    const { database, record, limits, now } = deps;
    return changeInTurn(database, async (sql) => {
      const at = now();
      const invite = await findIn(sql, { id, statuses: ['pending', 'expired'], at });
      const isExpired = statusOf(invite, at) === 'expired';
      const groupIds = JSON.parse(invite.rbac_group_ids) as string[];
      const wanted = { ...invite, groupIds };
      if (isExpired) checkInvite(await readInviteFacts(sql, [wanted], { by, now: at, limits }), wanted, by);
      else {
        protectAdministrators(by, invite.role);
        if (invite.role === 'managed') await protectGroupPermissions(sql, by, groupIds);
        const joining = (await readAutomaticJoining(sql))(invite.email);
        if (joining !== undefined) throw joining;
      }
      const token = newSecret();
      const renewed = { secret_hash: hashSecret(token), expires_at: at + INVITE_LIFETIME_MS };
      await inviteStore(sql).update(id, renewed);
      await record(sql, by, {
        type: 'org_user_invite_re_sent',
        invited_email: invite.email,
        invited_role: invite.role,
        invited_seat_tier: null,
      });
      const link = { invite: { ...invite, ...renewed }, token };
      return { ...link, isEmailed: await mailLinks(deps, sql, [link]) };
    });
  };

/** Withdraws a pending invite; its link ends. */
export const deleteInvite =
  ({ database, record, now }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const at = now();
      const invite = await findIn(sql, { id, statuses: ['pending'], at });
      protectAdministrators(by, invite.role);
      await inviteStore(sql).update(id, { deleted_at: at });
      await record(sql, by, { type: 'org_user_invite_deleted', invite_id: id });
    });

const findIn = async (sql: Sql, { id, statuses, at }: Wanted): Promise<StoredInvite> => {
  const invite = await inviteStore(sql).find(id);
  if (invite === undefined) throw notFound('invite', id);
  const status = statusOf(invite, at);
  if (!statuses.includes(status))
    throw new Refusal('invalid_request', `This invite is ${status}; that is only possible while it is pending.`);
  return invite;
};
