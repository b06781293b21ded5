import { type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { refuseFurtherMember } from '../limits.ts';
import { changeInTurn } from '../policy-changes.ts';
import { refuseForeignDomain } from './change-settings.ts';
import { emailKey, type Member, memberStore } from './store.ts';

export type NewMember = { readonly email: string; readonly name?: string | undefined; readonly role: OrganisationRole };

/**
 * Adds a member. Somebody who was removed before comes back under their old id with their history; an address that is
 * in use refuses with `conflict`, one of a domain that is not allowed with `invalid_request`.
 */
export const addMember =
  (deps: DirectoryDeps) =>
  (wanted: NewMember, by: Doer): Promise<Member> =>
    changeInTurn(deps.database, async (sql) => {
      await refuseForeignDomain(sql, wanted.email);
      return addMemberIn(deps)(sql, wanted, () => by);
    });

/** Adds a member within a change that has its turn; `byOf` says who does it, which may be the new member themselves. */
export const addMemberIn =
  ({ changePolicy, record, limits, now, newId }: DirectoryDeps) =>
  async (sql: Sql, wanted: NewMember, byOf: (added: Member) => Doer): Promise<Member> => {
    const members = memberStore(sql);
    const earlier = await members.findByEmail(wanted.email);
    if (earlier !== undefined && earlier.status !== 'removed')
      throw new Refusal('conflict', `${wanted.email} is a member already.`, {
        details: { error_code: 'already_member', user_id: earlier.id },
      });
    await refuseFurtherMember(sql, limits);
    const at = now();
    const member: Member = {
      id: earlier?.id ?? newId('user'),
      email: wanted.email.trim(),
      email_key: emailKey(wanted.email),
      name: wanted.name ?? earlier?.name ?? wanted.email.trim(),
      role: wanted.role,
      status: 'active',
      seat_tier: null,
      added_at: at,
      updated_at: at,
    };
    if (earlier === undefined) await members.insert(member);
    else await members.update(member.id, member);
    await changePolicy(sql, { entity: 'member', id: member.id });
    await record(sql, byOf(member), {
      type: 'remit_user_added',
      user_id: member.id,
      user_email: member.email,
      role: member.role,
    });
    return member;
  };
