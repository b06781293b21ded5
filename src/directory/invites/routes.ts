import { idPage } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { signInStore } from '../sign-in/store.ts';
import { notFound, toWireTime } from '../wire.ts';
import { acceptInvite, findInvite } from './accept-invite.ts';
import { deleteInvite, resendInvite } from './change-invite.ts';
import * as contract from './contract.ts';
import { createInvite, createInvites, type SentInvite } from './create-invite.ts';
import { statusOf } from './rules/invite-status.ts';
import { inviteStore, type StoredInvite } from './store.ts';

const LISTED = ['pending', 'accepted', 'expired'] as const;

/** Binds the invites' endpoints: those of administrators, and those of whoever has a link. */
export const inviteRoutes = (deps: DirectoryDeps, publicUrl: () => string): readonly Route[] => [
  ...administratorRoutes(deps, publicUrl),
  ...inviteeRoutes(deps),
];

const administratorRoutes = (deps: DirectoryDeps, publicUrl: () => string): readonly Route[] => {
  const invites = inviteStore(deps.database);
  const toWire = (invite: StoredInvite) => wireInvite(invite, deps.now());
  const withLink = ({ invite, token, isEmailed }: SentInvite): contract.InviteWithLink => ({
    ...toWire(invite),
    url: `${publicUrl()}/invite?token=${token}`,
    is_emailed: isEmailed,
  });
  return [
    route(contract.createInvite, async ({ body, by }) =>
      withLink(await createInvite(deps)({ ...body, groupIds: body.rbac_group_ids ?? [] }, by)),
    ),
    route(contract.createInvites, async ({ body, by }) => {
      const wanted = body.invites.map(({ email, role = 'user', rbac_group_ids: groupIds = [] }) => ({
        email,
        role,
        groupIds,
      }));
      const results = await createInvites(deps)(wanted, by);
      return {
        data: results.map((result) =>
          'sent' in result
            ? { type: 'invited' as const, email: result.email, invite: withLink(result.sent) }
            : {
                type: 'refused' as const,
                email: result.email,
                message: result.refusal.message,
                error_code: result.refusal.details?.error_code ?? null,
              },
        ),
      };
    }),
    route(contract.listInvites, async ({ query }) => {
      const { limit, after_id: afterId, before_id: beforeId, email, roles } = query;
      const statuses = query.statuses.length === 0 ? LISTED : query.statuses;
      const rows = await invites.list({ email, roles, statuses, limit, afterId, beforeId }, deps.now());
      return idPage(rows.map(toWire), limit, beforeId === undefined ? 'forward' : 'backward') as never;
    }),
    route(contract.getInvite, async ({ params }) => {
      const invite = await invites.find(params.invite_id);
      if (invite === undefined) throw notFound('invite', params.invite_id);
      return toWire(invite);
    }),
    route(contract.resendInvite, async ({ params, by }) => withLink(await resendInvite(deps)(params.invite_id, by))),
    route(contract.deleteInvite, async ({ params, by }) => {
      await deleteInvite(deps)(params.invite_id, by);
      return { id: params.invite_id, type: 'invite_deleted' as const };
    }),
  ];
};

const inviteeRoutes = (deps: DirectoryDeps): readonly Route[] => [
  route(contract.readInvite, async ({ body }) => {
    const invite = await findInvite(deps.database, body.token, deps.now());
    const { name: organization } = await signInStore(deps.database).readOrganization();
    return { email: invite.email, role: invite.role, organization, expires_at: toWireTime(invite.expires_at) };
  }),
  route(contract.acceptInvite, async ({ body, by }) => {
    const { member, token } = await acceptInvite(deps)(body, by);
    return { type: 'invite_accepted' as const, user_id: member.id, email: member.email, token };
  }),
];

const wireInvite = (invite: StoredInvite, now: number): contract.Invite => ({
  id: invite.id,
  type: 'invite',
  email: invite.email,
  role: invite.role,
  status: statusOf(invite, now),
  invited_at: toWireTime(invite.invited_at),
  expires_at: toWireTime(invite.expires_at),
  accepted_at: invite.accepted_at === null ? null : toWireTime(invite.accepted_at),
  rbac_group_ids: JSON.parse(invite.rbac_group_ids) as string[],
});
