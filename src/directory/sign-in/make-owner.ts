import { type Doer, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { emailKey, type Member, memberStore } from '../members/store.ts';
import { accountStore } from './accounts/store.ts';
import { asMember } from './as-member.ts';
import { settingsStore } from './settings/store.ts';

/** The name and address somebody gave who becomes an owner. */
export type NewOwner = { readonly email?: string | undefined; readonly name?: string | undefined };

const namesOf = ({ email, name }: NewOwner): { readonly email: string; readonly name: string } => {
  if (email === undefined || name === undefined)
    throw new Refusal('invalid_request', 'The owner needs a name and an e-mail address.');
  return { email, name };
};

/** Makes somebody an active owner; a member of before who has the address comes back under their id. */
export const addOwnerIn =
  (deps: DirectoryDeps) =>
  async (sql: Sql, wanted: NewOwner, { role, from }: { role: OrganisationRole; from: Doer }): Promise<Member> => {
    const { email, name } = namesOf(wanted);
    const members = memberStore(sql);
    const at = deps.now();
    const earlier = await members.findByEmail(email);
    const owner: Member = {
      id: earlier?.id ?? deps.newId('user'),
      email: email.trim(),
      email_key: emailKey(email),
      name,
      role,
      status: 'active',
      seat_tier: null,
      added_at: at,
      updated_at: at,
    };
    if (earlier === undefined) await members.insert(owner);
    else await members.update(owner.id, owner);
    await deps.changePolicy(sql, { entity: 'member', id: owner.id });
    await deps.record(sql, asMember(from, owner), {
      type: 'remit_user_added',
      user_id: owner.id,
      user_email: owner.email,
      role: owner.role,
    });
    return owner;
  };

/**
 * What an emergency link does: the member becomes an active owner whom no identity provider can lock out, without the
 * second factor that may be what was lost. A new person is added as one.
 */
export const admitEmergencyOwnerIn =
  (deps: DirectoryDeps) =>
  async (sql: Sql, userId: string | null, { wanted, from }: { wanted: NewOwner; from: Doer }): Promise<Member> => {
    const members = memberStore(sql);
    const known = userId === null ? undefined : await members.findAny(userId);
    const owner =
      known === undefined ? await admitNewcomer(deps, sql, { wanted, from }) : await raise(deps, sql, known);
    await accountStore(sql).deleteFactor(owner.id);
    await settingsStore(sql).addBreakGlass(owner.id, deps.now());
    await deps.record(sql, asMember(from, owner), {
      type: 'remit_emergency_access_used',
      user_id: owner.id,
      user_email: owner.email,
      previous_role: known?.role ?? null,
      previous_status: known?.status ?? null,
    });
    return owner;
  };

const raise = async (deps: DirectoryDeps, sql: Sql, member: Member): Promise<Member> => {
  const role = member.role === 'primary_owner' ? member.role : 'owner';
  const owner: Member = { ...member, role, status: 'active', updated_at: deps.now() };
  await memberStore(sql).update(owner.id, owner);
  await deps.changePolicy(sql, { entity: 'member', id: owner.id });
  return owner;
};

const admitNewcomer = async (
  deps: DirectoryDeps,
  sql: Sql,
  { wanted, from }: { wanted: NewOwner; from: Doer },
): Promise<Member> => {
  const members = memberStore(sql);
  const { email } = namesOf(wanted);
  const known = await members.findByEmail(email);
  if (known !== undefined && known.status !== 'removed') return raise(deps, sql, known);
  const role = (await members.countOwners()) === 0 ? 'primary_owner' : 'owner';
  return addOwnerIn(deps)(sql, wanted, { role, from });
};
