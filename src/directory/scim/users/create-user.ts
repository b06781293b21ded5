import { emailKey, type Member, memberStore } from '../../members/store.ts';
import { domainOf, type Profile, profileOf } from '../rules/member-profile.ts';
import type { Resource } from '../rules/value.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { reconcile } from '../sync/reconcile.ts';
import { markSuspendedHere } from '../sync/suspended-here.ts';
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
  const member = (await takeOver(work, profile)) ?? (await addMember(work, profile, startOf(work, resource)));
  const at = work.deps.now();
  await users.insert(work.directory.id, { id: member.id, resource, version: 1, createdAt: at, updatedAt: at });
  if (member.isNew && member.status === 'suspended') await markSuspendedHere(work.sql, member.id, true);
  await work.deps.record(work.sql, work.by, { type: 'scim_user_created', user_id: member.id });
  await noteChanges(work, { kind: 'user_added', userId: member.id, detail: profile.email });
  await reconcile(work, [member.id]);
  return users.find(work.directory.id, member.id);
};

type Taken = Member & { readonly isNew: boolean };

/** A new member has access from the start if everything speaks for it; mapped groups come only later. */
const startOf = ({ directory }: Work, resource: Resource): 'active' | 'suspended' =>
  directory.mode === 'live' && directory.maps_roles === 0 && resource.get('active') === true ? 'active' : 'suspended';

/** An existing member who now comes from this directory; undefined when nobody has this address. */
const takeOver = async (work: Work, { email }: Profile): Promise<Taken | undefined> => {
  const member = await memberStore(work.sql).findByEmail(email);
  if (member === undefined || member.status === 'removed') return undefined;
  if ((await scimUserStore(work.sql).findAny(member.id)) !== undefined)
    throw notUnique(`The address ${email} belongs to a user of this or another directory already.`);
  if (!work.directory.authoritative_domains.split(' ').includes(domainOf(email) || ' '))
    throw notUnique(
      `${email} is a member already. To let this directory take them over, an administrator of Remit has to list the domain under the directory's authoritative domains.`,
    );
  return { ...member, isNew: false };
};

const addMember = async (work: Work, { email, name }: Profile, status: Member['status']): Promise<Taken> => {
  const { deps, sql, by } = work;
  const members = memberStore(sql);
  const earlier = await members.findByEmail(email);
  const at = deps.now();
  const member: Member = {
    id: earlier?.id ?? deps.newId('user'),
    email,
    email_key: emailKey(email),
    name,
    role: 'user',
    status,
    added_at: at,
    updated_at: at,
  };
  if (earlier === undefined) await members.insert(member);
  else await members.update(member.id, member);
  await deps.changePolicy(sql, { entity: 'member', id: member.id });
  await deps.record(sql, by, { type: 'remit_user_added', user_id: member.id, user_email: email, role: member.role });
  return { ...member, isNew: true };
};
