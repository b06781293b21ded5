import { emailKey, type Member, memberStore } from '../../members/store.ts';
import { type Profile, profileOf } from '../rules/member-profile.ts';
import { ScimError } from '../rules/scim-error.ts';
import { type Resource, sameResource } from '../rules/value.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { reconcile } from '../sync/reconcile.ts';

const userNameOf = (resource: Resource): string => String(resource.get('userName') ?? '');

/** The refusal of what would be there twice (RFC 7644 §3.3). */
export const notUnique = (detail: string): ScimError => new ScimError(409, detail, { scimType: 'uniqueness' });

/** Somebody about whom nothing is said is active: leaving `active` out must never take access away. */
export const withActive = (resource: Resource, otherwise: Resource | undefined): Resource =>
  resource.has('active') ? resource : new Map([...resource, ['active', otherwise?.get('active') ?? true]]);

/**
 * Writes what the identity provider now says of a person and does what follows from it: address and name of the member,
 * access, mapped role. Saying the same again changes nothing, also no version. Answers the person as they are then;
 * undefined when they are gone.
 */
export const saveUser = async (work: Work, before: ScimUser, wanted: Resource): Promise<ScimUser | undefined> => {
  const resource = withActive(wanted, before.resource);
  const users = scimUserStore(work.sql);
  if (!sameResource(before.resource, resource) || before.deletedAt !== null) {
    if (userNameOf(resource).toLowerCase() !== userNameOf(before.resource).toLowerCase())
      await refuseTakenName(work, userNameOf(resource));
    const at = work.deps.now();
    await users.update(before, { resource, version: before.version + 1, updatedAt: at });
    await updateMember(work, before.id, profileOf(resource));
    await work.deps.record(work.sql, work.by, { type: 'scim_user_updated', user_id: before.id });
  }
  await reconcile(work, [before.id]);
  return users.find(work.directory.id, before.id);
};

const refuseTakenName = async (work: Work, userName: string): Promise<void> => {
  if ((await scimUserStore(work.sql).findByName(work.directory.id, userName)) !== undefined)
    throw notUnique(`There is a user with the userName "${userName}" already.`);
};

/** Gives the member the address and name they have at the identity provider; the primary owner keeps theirs. */
const updateMember = async (work: Work, userId: string, { email, name }: Profile): Promise<void> => {
  const { deps, sql } = work;
  const members = memberStore(sql);
  const member = await members.findAny(userId);
  if (member === undefined || member.role === 'primary_owner') return;
  if (member.email === email && member.name === name) return;
  await refuseTakenAddress(work, member, email);
  await members.update(userId, { email, email_key: emailKey(email), name, updated_at: deps.now() });
  await deps.changePolicy(sql, { entity: 'member', id: userId });
  await noteChanges(work, { kind: 'user_changed', userId, detail: whatChanged(member, { email, name }) });
};

const refuseTakenAddress = async ({ sql }: Work, member: Member, email: string): Promise<void> => {
  const other = await memberStore(sql).findByEmail(email);
  if (other !== undefined && other.id !== member.id)
    throw notUnique(`The address ${email} belongs to another member of the organisation.`);
};

const whatChanged = (before: Profile, after: Profile): string =>
  [
    before.email === after.email ? undefined : `${before.email} → ${after.email}`,
    before.name === after.name ? undefined : `${before.email}: name “${before.name}” → “${after.name}”`,
  ]
    .filter((one) => one !== undefined)
    .join('; ');
