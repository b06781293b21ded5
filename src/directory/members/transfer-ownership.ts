import { type Doer, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { emailKey, type Member, memberStore } from './store.ts';

/**
 * Makes another member the primary owner; the one before stays an owner. Only the primary owner may, signed in, and
 * confirms it with the new one's e-mail address. In an installation that has none yet (it was set up by a key), any owner may.
 */
export const transferOwnership =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (userId: string, confirmedEmail: string, by: Doer): Promise<Member> =>
    changeInTurn(database, async (sql) => {
      const members = memberStore(sql);
      const before = await members.findPrimaryOwner();
      refuseOthers(by, before);
      const member = await members.find(userId);
      if (member === undefined) throw notFound('active member', userId);
      if (emailKey(confirmedEmail) !== member.email_key)
        throw new Refusal('invalid_request', "This is not the new owner's e-mail address. Type it to confirm.");
      if (member.id === before?.id)
        throw new Refusal('invalid_request', `${member.email} is the primary owner already.`);
      const at = now();
      if (before !== undefined) await members.update(before.id, { role: 'owner', updated_at: at });
      await members.update(member.id, { role: 'primary_owner', updated_at: at });
      const touched = before === undefined ? [member.id] : [before.id, member.id];
      await changePolicy(sql, ...touched.map((id) => ({ entity: 'member' as const, id })));
      const previous = before?.id ?? null;
      await record(sql, by, {
        type: 'primary_owner_transferred',
        new_owner_id: member.id,
        previous_owner_id: previous,
      });
      return { ...member, role: 'primary_owner', updated_at: at };
    });

const refuseOthers = ({ who }: Doer, primaryOwner: Member | undefined): void => {
  const isInPerson = who.kind === 'member' && who.credentialId === null;
  if (isInPerson && (primaryOwner === undefined ? who.role === 'owner' : who.userId === primaryOwner.id)) return;
  throw new Refusal('permission_denied', 'Only the primary owner can hand the role over, signed in to the console.');
};
