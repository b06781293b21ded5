import { z } from 'zod';
import { type Doer, mayUse, type OrganisationRole, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { refuseProvisioned } from '../groups/change-group.ts';
import { groupStore } from '../groups/store.ts';
import { refuseForeignDomain } from '../members/change-settings.ts';
import { protectAdministrators, protectCustomRole } from '../members/protect-owners.ts';
import { memberStore } from '../members/store.ts';
import { inviteStore } from './store.ts';

export type NewInvite = {
  readonly email: string;
  readonly role: OrganisationRole;
  readonly groupIds: readonly string[];
};

const taken = (message: string, error_code: string, id: string): Refusal =>
  new Refusal('invalid_request', message, { details: { error_code, id } });

/**
 * Refuses an invite that may not be sent, with the Admin API's codes (§1.3): the address is none, is a member's, is invited
 * already or of a domain that is not allowed; the role or the groups are not the caller's to give.
 */
export const checkInvite = async (sql: Sql, { email, role, groupIds }: NewInvite, by: Doer, now: number) => {
  if (!z.email().safeParse(email.trim()).success)
    throw new Refusal('invalid_request', `"${email}" is not an e-mail address.`);
  protectAdministrators(by, role);
  protectCustomRole(by, role);
  await refuseForeignDomain(sql, email);
  const member = await memberStore(sql).findByEmail(email);
  if (member !== undefined && member.status !== 'removed')
    throw taken(`${email} is a member already: ${member.id}.`, 'already_member', member.id);
  const pending = await inviteStore(sql).findPendingByEmail(email, now);
  if (pending !== undefined)
    throw taken(`${email} is invited already: ${pending.id}.`, 'invite_already_exists', pending.id);
  await checkGroups(sql, groupIds, by);
};

const checkGroups = async (sql: Sql, groupIds: readonly string[], { who }: Doer): Promise<void> => {
  if (groupIds.length === 0) return;
  const mayGroup =
    who.kind === 'system' ||
    ((who.kind === 'administrator' || who.kind === 'member') &&
      (mayUse(who, 'identity:manage') || (who.kind === 'administrator' && who.permissions.has('write:rbac_groups'))));
  if (!mayGroup)
    throw new Refusal('permission_denied', 'Putting people into groups needs the permission to manage identity.', {
      details: { error_code: 'api_key_scope_missing', scopes_needed: ['write:rbac_groups'] },
    });
  const groups = groupStore(sql);
  for (const id of groupIds) {
    const group = await groups.find(id);
    if (group === undefined)
      throw new Refusal('invalid_request', `There is no group with the id ${id}.`, {
        details: { error_code: 'rbac_group_not_found' },
      });
    refuseProvisioned(group, id);
  }
};
