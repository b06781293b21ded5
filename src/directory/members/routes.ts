import { idPage, Refusal } from '../../kernel/index.ts';
import { nameFile, type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { issueSignInLink } from '../sign-in/issue-sign-in-link.ts';
import { notFound, toWireTime } from '../wire.ts';
import { addMember } from './add-member.ts';
import { attachMemberRole, detachMemberRole } from './attach-role.ts';
import { changeAllowedDomains } from './change-settings.ts';
import * as contract from './contract.ts';
import { exportMembers } from './export-members.ts';
import { protectCustomRole, protectOwners } from './protect-owners.ts';
import { protectCredentials } from './protect-stronger.ts';
import { removeMember } from './remove-member.ts';
import { memberSettingsStore } from './settings-store.ts';
import { type Member, memberStore } from './store.ts';
import { restoreMember, suspendMember } from './suspend-member.ts';
import { toWire } from './to-wire.ts';
import { transferOwnership } from './transfer-ownership.ts';
import { updateMember } from './update-member.ts';

/** Binds the member endpoints to their operations. */
export const memberRoutes = (deps: DirectoryDeps, publicUrl: () => string): readonly Route[] => {
  const members = memberStore(deps.database);
  const find = async (id: string) => {
    const member = await members.findPresent(id);
    if (member === undefined) throw notFound('member', id);
    return member;
  };
  return [
    route(contract.addUser, async ({ body, actor, by }) => {
      protectOwners(actor, body.role);
      protectCustomRole(by, body.role);
      return toWire(await addMember(deps)(body, by));
    }),
    route(contract.listUsers, async ({ query }) => {
      const { limit, after_id: afterId, before_id: beforeId, rbac_group_id: groupId, ...filter } = query;
      const { sort_by: sortBy, sort_order: order } = query;
      const rows = await members.list({ ...filter, groupId, sortBy, order, limit, afterId, beforeId });
      return idPage(rows.map(toWire), limit, beforeId === undefined ? 'forward' : 'backward') as never;
    }),
    route(contract.getUser, async ({ params }) => toWire(await find(params.user_id))),
    route(contract.updateUser, async ({ params, body, by }) =>
      toWire(
        await updateMember(deps)(
          params.user_id,
          { ...body, seatTier: body.seat_tier, expectedRole: body.expected_role },
          by,
        ),
      ),
    ),
    route(contract.removeUser, async ({ params, by }) => {
      await removeMember(deps)(params.user_id, by);
      return { id: params.user_id, type: 'user_deleted' as const };
    }),
    route(contract.exportMembers, async ({ by, replyHeaders }) => {
      nameFile(replyHeaders, 'members', deps.now());
      return exportMembers(deps)(by);
    }),
    route(contract.getMemberSettings, async () =>
      settingsOf(await memberSettingsStore(deps.database).readAllowedDomains()),
    ),
    route(contract.updateMemberSettings, async ({ body, by }) =>
      settingsOf(await changeAllowedDomains(deps)(body.allowed_email_domains, by)),
    ),
    route(contract.transferOwnership, async ({ body, by }) =>
      toWire(await transferOwnership(deps)(body.user_id, body.email, by)),
    ),
    route(contract.suspendUser, async ({ params, by }) => toWire(await suspendMember(deps)(params.user_id, by))),
    route(contract.restoreUser, async ({ params, by }) => toWire(await restoreMember(deps)(params.user_id, by))),
    route(contract.listUserRoles, async ({ params }) => {
      await find(params.user_id);
      return { data: (await members.roleIds(params.user_id)).map(attachment) };
    }),
    route(contract.attachUserRole, async ({ params, body, by }) => {
      await attachMemberRole(deps)(params.user_id, body.role_id, by);
      return attachment(body.role_id);
    }),
    route(contract.detachUserRole, async ({ params, by }) => {
      await detachMemberRole(deps)(params.user_id, params.role_id, by);
      return { type: 'rbac_role_attachment_deleted' as const, role_id: params.role_id };
    }),
    route(contract.createSignInLink, async ({ params, actor, by }) => {
      const member = await find(params.user_id);
      await protectCredentials(deps.database, actor, member);
      if (member.status !== 'active') throw suspended(member);
      const link = await issueSignInLink(deps)(member.id, by);
      return {
        type: 'sign_in_link' as const,
        url: `${publicUrl()}/link?token=${link.token}`,
        expires_at: toWireTime(link.expiresAt),
      };
    }),
  ];
};

const settingsOf = (domains: readonly string[] | null) => ({
  type: 'member_settings' as const,
  allowed_email_domains: domains === null ? null : [...domains],
});

const suspended = ({ email }: Member) => new Refusal('invalid_request', `${email} is suspended. Restore them first.`);

const attachment = (roleId: string) => ({ type: 'rbac_role_attachment' as const, role_id: roleId });
