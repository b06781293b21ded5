import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { groupStore } from '../groups/store.ts';
import { addMemberIn } from '../members/add-member.ts';
import type { Member } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { asMember } from '../sign-in/as-member.ts';
import { issueSignInLinkIn } from '../sign-in/issue-sign-in-link.ts';
import { inviteStore, type StoredInvite } from './store.ts';

const inviteGone = () =>
  new Refusal('not_found', 'This invite has been used, withdrawn or has expired. Ask an administrator for a new one.');

/** Finds the pending invite a link belongs to; any other is `not_found`. */
export const findInvite = async (sql: Sql, token: string, now: number): Promise<StoredInvite> => {
  const invite = await inviteStore(sql).findPendingByHash(hashSecret(token), now);
  if (invite === undefined) throw inviteGone();
  return invite;
};

/** Who has come by an invite, and the token of the link with which they set a password, shown this once. */
export type Accepted = { readonly member: Member; readonly token: string };

/**
 * Accepts the invite of a link: its address becomes a member with its role and groups and gets a link to set a password
 * with, all in one transaction. Of two at once, one is refused.
 */
export const acceptInvite =
  (deps: DirectoryDeps) =>
  (wanted: { readonly token: string; readonly name: string }, from: Doer): Promise<Accepted> =>
    changeInTurn(deps.database, async (sql) => {
      const invite = await findInvite(sql, wanted.token, deps.now());
      const member = await acceptInviteIn(deps)(sql, invite, { name: wanted.name, from });
      const { token } = await issueSignInLinkIn(deps)(sql, member.id, asMember(from, member));
      return { member, token };
    });

/**
 * Accepts an invite within a change that has its turn, for somebody who has shown that its address is theirs: by the link,
 * or by signing in with an identity provider.
 */
export const acceptInviteIn =
  (deps: DirectoryDeps) =>
  async (sql: Sql, invite: StoredInvite, { name, from }: { name: string; from: Doer }): Promise<Member> => {
    const { email, role } = invite;
    const member = await addMemberIn(deps)(sql, { email, name, role }, (added) => asMember(from, added));
    await inviteStore(sql).update(invite.id, { accepted_at: deps.now() });
    const by = asMember(from, member);
    await deps.record(sql, by, { type: 'org_user_invite_accepted', invite_id: invite.id });
    const groups = groupStore(sql);
    for (const groupId of JSON.parse(invite.rbac_group_ids) as string[]) {
      // A group may have been deleted, or handed to the identity provider, since.
      if ((await groups.find(groupId))?.source_type !== 'direct') continue;
      await groups.addMember(groupId, member.id, deps.now());
      await deps.record(sql, by, { type: 'group_member_added', group_id: groupId, member_ids: [member.id] });
    }
    return member;
  };
