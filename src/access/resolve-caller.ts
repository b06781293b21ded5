import type { CredentialFacts } from '../directory/index.ts';
import type { Judgements } from './judgements.ts';
import type { Entitlements } from './rules/entitlements.ts';
import { type Restriction, restrictionKey } from './rules/restriction.ts';
import { type Compiled, compiledIn, principalOfGroup, principalOfMember, type Snapshot } from './snapshot.ts';

/** Whose request it is, and what that principal may do under the snapshot it was resolved in. */
export type Caller = {
  readonly credential: CredentialFacts;
  readonly userId: string | null;
  readonly groupId: string | null;
  /** The workspace the request counts for; null for the default one. */
  readonly workspaceId: string | null;
  readonly entitlements: Entitlements;
  /** Answers already given under these rights, kept by the evaluator's cache. */
  readonly judgements: Judgements;
};

/** Why a credential does not resolve to a caller. `administrative`: an admin key, which is not for inference. */
export type Unresolved = 'unknown' | 'revoked' | 'suspended' | 'owner-removed' | 'administrative';

export type Resolution =
  | { readonly caller: Caller }
  | { readonly unresolved: Unresolved; readonly credential?: CredentialFacts };

const UNKNOWN: Resolution = { unresolved: 'unknown' };

/** Whose key has this hash. Anything that cannot be resolved whole is no caller at all. */
export const resolveCaller = (snapshot: Snapshot, hash: string, now: number): Resolution => {
  const credential = snapshot.credentialsByHash.get(hash);
  return credential === undefined ? UNKNOWN : resolveCredential(snapshot, credential, now);
};

/** Resolves a known credential anew, for a request that is already running. */
export const resolveCredential = (snapshot: Snapshot, credential: CredentialFacts, now: number): Resolution => {
  const { userId, groupId, workspaceId } = credential;
  if (!credential.isActive || (credential.expiresAt !== null && credential.expiresAt <= now))
    return { unresolved: credential.kind === 'device' ? whyEnded(snapshot, credential) : 'revoked', credential };
  if (credential.kind === 'admin') return { unresolved: 'administrative', credential };
  const compiled =
    userId !== null ? ofMember(snapshot, userId) : groupId !== null ? ofGroup(snapshot, groupId) : undefined;
  if (compiled === undefined) {
    const isSuspended = userId !== null && snapshot.suspended.has(userId);
    return { unresolved: isSuspended ? 'suspended' : 'owner-removed', credential };
  }
  const { entitlements, judgements } = compiled;
  return { caller: { credential, userId, groupId, workspaceId, entitlements, judgements } };
};

/** Why a device may not go on: its member has lost their access, or it has been signed out. */
const whyEnded = (snapshot: Snapshot, { userId }: CredentialFacts): Unresolved => {
  if (userId === null || snapshot.members.has(userId)) return 'revoked';
  return snapshot.suspended.has(userId) ? 'suspended' : 'owner-removed';
};

/** What a member may do; undefined for somebody who is no active member. */
export const memberRights = (snapshot: Snapshot, userId: string): Entitlements | undefined =>
  ofMember(snapshot, userId)?.entitlements;

/** A caller with what a spend limit leaves of their rights for now. */
export const restrictCaller = (snapshot: Snapshot, caller: Caller, restriction: Restriction): Caller => {
  const { principal } = caller.entitlements;
  const owner = caller.userId ?? caller.groupId ?? '';
  const compiled = compiledIn(snapshot, `${owner} ${restrictionKey(restriction)}`, () => principal, restriction);
  return { ...caller, ...compiled };
};

const ofMember = (snapshot: Snapshot, userId: string): Compiled | undefined => {
  const member = snapshot.members.get(userId);
  return member && compiledIn(snapshot, userId, () => principalOfMember(snapshot, member));
};

const ofGroup = (snapshot: Snapshot, groupId: string): Compiled | undefined => {
  const group = snapshot.groups.get(groupId);
  return group && compiledIn(snapshot, groupId, () => principalOfGroup(snapshot, group));
};
