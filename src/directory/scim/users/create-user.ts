import { refuseFurtherMember } from '../../limits.ts';
import { emailKey, type Member, memberStore } from '../../members/store.ts';
import { domainOf, profileOf } from '../rules/member-profile.ts';
import type { Resource } from '../rules/value.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { reconcile } from '../sync/reconcile.ts';
import { notUnique, saveUser, withActive } from './save-user.ts';

/**
 * Takes in a person the identity provider creates. Somebody who has been a member before comes back under their old id.
 * Somebody who is a member now is taken over only if the directory is authoritative for the domain of their address;
 * otherwise, and when the user name is taken, it is 409 `uniqueness`. A person whose deletion waits for approval is
 * simply there again.
 */
export const createUser = async (work: Work, wanted: Resource): Promise<ScimUser | undefined> => {
  const resource = withActive(wanted, undefined);
  const users = scimUserStore(work.sql);
  const userName = String(resource.get('userName'));
  const named = await users.findByName(work.directory.id, userName);
  if (named !== undefined && named.deletedAt === null)
    throw notUnique(`There is a user with the userName "${userName}" already.`);
  if (named !== undefined) return saveUser(work, named, resource);

  const profile = profileOf(resource);
  const earlier = await memberStore(work.sql).findByEmail(profile.email);
  const isNew = earlier === undefined || earlier.status === 'removed';
  const member = isNew ? await addMember(work, resource, earlier) : await takeOver(work, earlier);
  const at = work.deps.now();
  const stored = { id: member.id, resource, version: 1, createdAt: at, updatedAt: at };
  await users.insert(work.directory.id, { ...stored, isSuspendedHere: isNew && member.status === 'suspended' });
  await tellOfAddition(work, member, isNew);
  // Somebody new stands as they should from the start.
  if (!isNew) await reconcile(work, [member.id]);
  return { ...stored, directoryId: work.directory.id, deletedAt: null };
};

/** Tells the feed and the sync of somebody who has been created. */
export const tellOfAddition = async (work: Work, member: Member, isNew: boolean): Promise<void> => {
  const { id, email, role } = member;
  const added = { type: 'remit_user_added', user_id: id, user_email: email, role } as const;
  await work.deps.record(work.sql, work.by, ...(isNew ? [added] : []), { type: 'scim_user_created', user_id: id });
  await noteChanges(work, { kind: 'user_added', userId: id, detail: email });
};

/** A new member has access from the start if everything speaks for it; mapped groups come only later. */
const startOf = ({ directory }: Work, resource: Resource): 'active' | 'suspended' =>
  directory.mode === 'live' && directory.maps_roles === 0 && resource.get('active') === true ? 'active' : 'suspended';

/** An existing member who now comes from this directory. */
const takeOver = async (work: Work, member: Member): Promise<Member> => {
  const { email } = member;
  if ((await scimUserStore(work.sql).findAny(member.id)) !== undefined)
    throw notUnique(`The address ${email} belongs to a user of this or another directory already.`);
  if (!work.directory.authoritative_domains.split(' ').includes(domainOf(email) || ' '))
    throw notUnique(
      `${email} is a member already. To let this directory take them over, an administrator of Remit has to list the domain under the directory's authoritative domains.`,
    );
  return member;
};

/** The member somebody becomes who is none; `earlierId` when they have been one before. */
export const newMember = (work: Work, resource: Resource, earlierId?: string): Member => {
  const { email, name } = profileOf(resource);
  const at = work.deps.now();
  return {
    id: earlierId ?? work.deps.newId('user'),
    email,
    email_key: emailKey(email),
    name,
    role: 'user',
    status: startOf(work, resource),
    seat_tier: null,
    added_at: at,
    updated_at: at,
  };
};

const addMember = async (work: Work, resource: Resource, earlier: Member | undefined): Promise<Member> => {
  const { deps, sql } = work;
  await refuseFurtherMember(sql, deps.limits);
  const member = newMember(work, resource, earlier?.id);
  const members = memberStore(sql);
  if (earlier === undefined) await members.insert(member);
  else await members.update(member.id, member);
  await deps.changePolicy(sql, { entity: 'member', id: member.id });
  return member;
};
