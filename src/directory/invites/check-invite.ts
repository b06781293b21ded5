import { z } from 'zod';
import { type Doer, mayUse, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { refuseProvisioned } from '../groups/change-group.ts';
import { refuseOwnerAccess } from '../groups/owner-access.ts';
import { groupStore } from '../groups/store.ts';
import { type DirectoryLimits, memberLimitReached, roomForMembers } from '../limits.ts';
import { protectAdministrators, protectCustomRole } from '../members/protect-owners.ts';
import { allowsEmail } from '../members/rules/email-domains.ts';
import { memberSettingsStore } from '../members/settings-store.ts';
import { emailKey, memberStore } from '../members/store.ts';
import { type InvitesRefused, readAutomaticJoining } from './automatic-joining.ts';
import { inviteStore } from './store.ts';

export type NewInvite = {
  readonly email: string;
  readonly role: OrganisationRole;
  readonly groupIds: readonly string[];
};

/** What the checks of some invites stand on, read once for all of them. */
export type InviteFacts = {
  readonly allowedDomains: readonly string[] | null;
  readonly joinsByItself: InvitesRefused;
  /** How many more may be invited before there are as many members as there may be; `members` is that number. */
  readonly room: { left: number; readonly members: number | null };
  /** Ids by folded address of those who are members, and of the pending invites. */
  readonly members: ReadonlyMap<string, string>;
  readonly pending: Map<string, string>;
  /** Why the caller may not put people into a group; undefined for those they may. */
  readonly groups: ReadonlyMap<string, Refusal | undefined>;
};

/** Reads what the checks of `invites` need. */
export const readInviteFacts = async (
  sql: Sql,
  invites: readonly NewInvite[],
  { by, now, limits }: { readonly by: Doer; readonly now: number; readonly limits: DirectoryLimits },
): Promise<InviteFacts> => {
  const keys = [...new Set(invites.map(({ email }) => emailKey(email)))];
  const groups = new Map<string, Refusal | undefined>();
  for (const id of new Set(invites.flatMap(({ groupIds }) => groupIds)))
    groups.set(id, await groupRefusal(sql, id, by));
  return {
    allowedDomains: await memberSettingsStore(sql).readAllowedDomains(),
    room: await readRoom(sql, limits, now),
    joinsByItself: await readAutomaticJoining(sql),
    members: await memberStore(sql).presentIds(keys),
    pending: await inviteStore(sql).pendingIds(keys, now),
    groups,
  };
};

// Whoever is invited has a place: of those who were, the last must not find the house full.
const readRoom = async (sql: Sql, limits: DirectoryLimits, now: number): Promise<InviteFacts['room']> => {
  const { members } = limits;
  if (members === null) return { left: Number.POSITIVE_INFINITY, members };
  return { left: (await roomForMembers(sql, limits)) - (await inviteStore(sql).countPending(now)), members };
};

const taken = (message: string, error_code: string, id: string): Refusal =>
  new Refusal('invalid_request', message, { details: { error_code, id } });

/**
 * Refuses an invite that may not be sent, with the Admin API's codes (§1.3): the address is none, is a member's, is invited
 * already or of a domain that is not allowed or whose people join by themselves; the role or the groups are not the caller's to give.
 */
export const checkInvite = (facts: InviteFacts, { email, role, groupIds }: NewInvite, by: Doer): void => {
  if (!z.email().safeParse(email.trim()).success)
    throw new Refusal('invalid_request', `"${email}" is not an e-mail address.`);
  protectAdministrators(by, role);
  protectCustomRole(by, role);
  if (!allowsEmail(facts.allowedDomains, email))
    throw new Refusal('invalid_request', `Members may not have addresses of this domain: ${email}.`, {
      details: { error_code: 'email_domain_not_allowed' },
    });
  const memberId = facts.members.get(emailKey(email));
  if (memberId !== undefined) throw taken(`${email} is a member already: ${memberId}.`, 'already_member', memberId);
  const pendingId = facts.pending.get(emailKey(email));
  if (pendingId !== undefined)
    throw taken(`${email} is invited already: ${pendingId}.`, 'invite_already_exists', pendingId);
  const joining = facts.joinsByItself(email);
  if (joining !== undefined) throw joining;
  if (facts.room.members !== null && facts.room.left <= 0) throw memberLimitReached(facts.room.members);
  if (groupIds.length > 0 && !mayGroup(by)) throw mayNotGroup();
  for (const id of groupIds) {
    const refusal = facts.groups.get(id);
    if (refusal !== undefined) throw refusal;
  }
};

const mayGroup = ({ who }: Doer): boolean => {
  if (who.kind === 'system') return true;
  if (who.kind !== 'administrator' && who.kind !== 'member') return false;
  return mayUse(who, 'identity:manage') || (who.kind === 'administrator' && who.permissions.has('write:rbac_groups'));
};

const mayNotGroup = () =>
  new Refusal('permission_denied', 'Putting people into groups needs the permission to manage identity.', {
    details: { error_code: 'api_key_scope_missing', scopes_needed: ['write:rbac_groups'] },
  });

const groupRefusal = async (sql: Sql, id: string, by: Doer): Promise<Refusal | undefined> => {
  const group = await groupStore(sql).find(id);
  if (group === undefined)
    return new Refusal('invalid_request', `There is no group with the id ${id}.`, {
      details: { error_code: 'rbac_group_not_found' },
    });
  try {
    refuseProvisioned(group, id);
    await refuseOwnerAccess(sql, id, by);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};
