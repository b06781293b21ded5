import { type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { emailKey, type Member, memberStore } from './store.ts';

export type NewMember = { readonly email: string; readonly name?: string | undefined; readonly role: OrganisationRole };

/**
 * Adds a member. Somebody who was removed before comes back under their old id with their history; an address that is
 * in use refuses with `conflict`.
 */
export const addMember =
  ({ database, changePolicy, record, now, newId }: DirectoryDeps) =>
  (wanted: NewMember, by: Doer): Promise<Member> =>
    changeInTurn(database, async (sql) => {
      const members = memberStore(sql);
      const earlier = await members.findByEmail(wanted.email);
      if (earlier !== undefined && earlier.status !== 'removed')
        throw new Refusal('conflict', `${wanted.email} is a member already.`, {
          details: { error_code: 'already_member', user_id: earlier.id },
        });
      const at = now();
      const member: Member = {
        id: earlier?.id ?? newId('user'),
        email: wanted.email.trim(),
        email_key: emailKey(wanted.email),
        name: wanted.name ?? earlier?.name ?? wanted.email.trim(),
        role: wanted.role,
        status: 'active',
        added_at: at,
        updated_at: at,
      };
      if (earlier === undefined) await members.insert(member);
      else await members.update(member.id, member);
      await changePolicy(sql, { entity: 'member', id: member.id });
      await record(sql, by, {
        type: 'remit_user_added',
        user_id: member.id,
        user_email: member.email,
        role: member.role,
      });
      return member;
    });
