import { roomForMembers } from '../../limits.ts';
import { emailKey, type Member, memberStore } from '../../members/store.ts';
import { profileOf } from '../rules/member-profile.ts';
import { readResource } from '../rules/read-resource.ts';
import { USER } from '../rules/schema/resource-type.ts';
import { ScimError } from '../rules/scim-error.ts';
import type { JsonObject, Resource } from '../rules/value.ts';
import { userNameKey } from '../store/user-places.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { newMember, tellOfAddition } from './create-user.ts';
import { withActive } from './save-user.ts';

/** Somebody an identity provider creates, as it says it. */
export type Arrival = { readonly work: Work; readonly body: JsonObject };

type Candidate = {
  readonly work: Work;
  readonly resource: Resource;
  readonly nameKey: string;
  readonly emailKey: string;
};

/**
 * Takes in people of one directory, in one transaction, as far as nobody knows them: as many from the beginning of the
 * list as are new, valid, named differently and within the organisation's limit, each answered as `createUser` would answer. Whoever comes next in the
 * list needs a closer look. A company's first sync is this and little else, and costs a few statements in all.
 */
export const createNewcomers = async (arrivals: readonly Arrival[]): Promise<readonly ScimUser[]> => {
  const candidates = await placedOf(await unknownOf(distinctOf(arrivals)));
  const [first] = candidates;
  if (first === undefined) return [];
  const { sql, directory } = first.work;
  const newcomers = candidates.map((one) => newcomerOf(one));
  await memberStore(sql).insert(...newcomers.map(({ member }) => member));
  await scimUserStore(sql).insert(directory.id, ...newcomers.map(({ stored }) => stored));
  for (const { work, member } of newcomers) {
    await work.deps.changePolicy(sql, { entity: 'member', id: member.id });
    await tellOfAddition(work, member, true);
  }
  return newcomers.map(({ stored: { isSuspendedHere: _, ...stored } }) => ({
    ...stored,
    directoryId: directory.id,
    deletedAt: null,
  }));
};

const candidateOf = ({ work, body }: Arrival): Candidate | undefined => {
  try {
    const resource = withActive(readResource(USER, body).resource, undefined);
    const nameKey = userNameKey(String(resource.get('userName')));
    return { work, resource, nameKey, emailKey: emailKey(profileOf(resource).email) };
  } catch (error) {
    if (error instanceof ScimError) return undefined;
    throw error;
  }
};

/** The first of them up to one that is not valid or has a name or an address of one before. */
const distinctOf = (arrivals: readonly Arrival[]): readonly Candidate[] => {
  const candidates: Candidate[] = [];
  const names = new Set<string>();
  const emails = new Set<string>();
  for (const arrival of arrivals) {
    const candidate = candidateOf(arrival);
    if (candidate === undefined || names.has(candidate.nameKey) || emails.has(candidate.emailKey)) break;
    names.add(candidate.nameKey);
    emails.add(candidate.emailKey);
    candidates.push(candidate);
  }
  return candidates;
};

/** The first of them up to one whose name or address is somebody's already. */
const unknownOf = async (candidates: readonly Candidate[]): Promise<readonly Candidate[]> => {
  const [first] = candidates;
  if (first === undefined) return [];
  const { sql, directory } = first.work;
  const names = await scimUserStore(sql).takenAmong(
    directory.id,
    candidates.map(({ nameKey }) => nameKey),
  );
  const emails = await memberStore(sql).takenAmong(candidates.map((one) => one.emailKey));
  const known = candidates.findIndex((one) => names.has(one.nameKey) || emails.has(one.emailKey));
  return known === -1 ? candidates : candidates.slice(0, known);
};

/** The first of them, as many as the organisation has room for. */
const placedOf = async (candidates: readonly Candidate[]): Promise<readonly Candidate[]> => {
  const [first] = candidates;
  if (first === undefined) return [];
  return candidates.slice(0, Math.max(0, await roomForMembers(first.work.sql, first.work.deps.limits)));
};

type Newcomer = {
  readonly work: Work;
  readonly member: Member;
  readonly stored: Omit<ScimUser, 'directoryId' | 'deletedAt'> & { readonly isSuspendedHere: boolean };
};

const newcomerOf = ({ work, resource }: Candidate): Newcomer => {
  const member = newMember(work, resource);
  const at = work.deps.now();
  const isSuspendedHere = member.status === 'suspended';
  return {
    work,
    member,
    stored: { id: member.id, resource, version: 1, createdAt: at, updatedAt: at, isSuspendedHere },
  };
};
