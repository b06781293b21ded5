import { z } from 'zod';
import { endpoint, listOf } from '../platform/contract.ts';

/** Every type of activity with what it tells people; the feed writes the type, the console the sentence. */
export const ACTIVITY_TITLES = {
  claude_organization_settings_updated: 'Organisation settings changed',
  claude_user_role_updated: "Member's organisation role changed",
  claude_user_seat_tier_updated: "Member's seat changed",
  org_members_exported: 'Members exported',
  platform_cost_report_viewed: 'Spend report exported',
  org_user_invite_sent: 'Member invited',
  org_user_invite_re_sent: 'Invite sent again',
  org_user_invite_accepted: 'Invite accepted',
  org_user_invite_deleted: 'Invite withdrawn',
  primary_owner_transferred: 'Ownership handed over',
  org_user_deleted: 'Member removed',
  remit_user_added: 'Member added',
  remit_user_suspended: 'Member suspended',
  remit_user_restored: 'Member restored',
  remit_user_renamed: 'Member renamed',
  remit_sign_in_link_created: 'Sign-in link made',
  remit_password_set: 'Password set',
  group_created: 'Group created',
  group_updated: 'Group changed',
  group_deleted: 'Group deleted',
  group_member_added: 'Member added to group',
  group_member_addition_failed: 'Member not added to group',
  group_member_removal_failed: 'Member not taken out of group',
  group_member_removed: 'Member taken out of group',
  rbac_role_created: 'Custom role created',
  rbac_role_updated: 'Custom role changed',
  rbac_role_deleted: 'Custom role deleted',
  rbac_role_permission_added: 'Permission added to custom role',
  rbac_role_permission_removed: 'Permission taken from custom role',
  rbac_role_assigned: 'Custom role attached',
  rbac_role_unassigned: 'Custom role taken off',
  admin_api_key_created: 'Admin key created',
  admin_api_key_deleted: 'Admin key revoked',
  admin_api_key_updated: 'Admin key changed',
  platform_api_key_created: 'Personal key created',
  platform_api_key_updated: 'Key changed',
  platform_workspace_created: 'Workspace created',
  platform_workspace_updated: 'Workspace changed',
  platform_workspace_archived: 'Workspace archived',
  platform_workspace_member_added: 'Member put into workspace',
  platform_workspace_member_updated: "Member's workspace role changed",
  platform_workspace_member_removed: 'Member taken out of workspace',
  service_key_created: 'Service key created',
  service_key_revoked: 'Service key revoked',
  org_model_default_updated: 'Default model changed',
  remit_model_access_updated: 'Model access changed',
  mcp_server_created: 'Connector registered',
  mcp_server_updated: 'Connector changed',
  mcp_server_deleted: 'Connector deleted',
  remit_mcp_tools_refreshed: "Connector's list of tools read",
  mcp_tool_policy_updated: "Organisation's word on a connector's tools changed",
  remit_login_succeeded: 'Signed in',
  remit_login_failed: 'Sign-in failed',
  user_logged_out: 'Signed out',
  scim_user_created: 'Member provisioned',
  scim_user_updated: 'Member changed by the identity provider',
  scim_user_deleted: 'Member deprovisioned',
  org_directory_sync_add_initiated: 'Directory added',
  org_directory_sync_deleted: 'Directory removed',
  org_directory_resync_started: 'Directory sync started',
  org_directory_resync_completed: 'Directory sync completed',
  org_sso_group_role_mappings_updated: 'Role mapping changed',
  org_sso_seat_tier_mappings_updated: 'Seat mapping changed',
  remit_directory_updated: 'Directory settings changed',
  remit_directory_token_created: 'Directory token made',
  remit_directory_token_revoked: 'Directory token ended',
  remit_directory_removal_held: 'Removal held for approval',
  remit_directory_removal_decided: 'Held removal decided',
  session_revoked: 'Own session ended',
  org_user_trusted_devices_revoked: 'Member signed out everywhere',
  remit_second_factor_enrolment_started: 'Setting up a second factor begun',
  remit_second_factor_enabled: 'Second factor set up',
  remit_second_factor_removed: 'Second factor removed',
  remit_recovery_codes_created: 'Recovery codes made',
  remit_sign_in_settings_updated: 'Rules of signing in changed',
  remit_emergency_link_created: 'Emergency link made on the server',
  remit_emergency_access_used: 'Emergency link used',
  org_ip_restriction_created: 'Allow-list of addresses put in force',
  org_ip_restriction_updated: 'Allow-list of addresses changed',
  org_ip_restriction_deleted: 'Allow-list of addresses switched off',
  sso_login_initiated: 'Single sign-on begun',
  sso_login_failed: 'Single sign-on failed',
  org_sso_add_initiated: 'Identity provider added',
  org_sso_connection_activated: 'Identity provider switched on',
  org_sso_connection_deactivated: 'Identity provider switched off',
  org_sso_connection_deleted: 'Identity provider deleted',
  org_sso_provisioning_mode_changed: 'Provisioning changed',
  org_sso_toggled: 'Single sign-on enforced or freed',
  remit_identity_provider_updated: 'Identity provider changed',
  remit_identity_linked: 'Account linked to member',
  remit_identity_unlinked: 'Account unlinked from member',
  sso_login_succeeded: 'Signed in by single sign-on',
  extra_usage_spend_limit_created: 'Spend limit set',
  extra_usage_spend_limit_updated: 'Spend limit changed',
  extra_usage_spend_limit_deleted: 'Spend limit deleted',
  remit_spend_limit_increase_requested: 'Higher spend limit asked for',
  extra_usage_spend_limit_increase_request_approved: 'Higher spend limit approved',
  extra_usage_spend_limit_increase_request_denied: 'Higher spend limit denied',
  compliance_api_accessed: 'Compliance API read',
} as const;

const text = z.string();

/**
 * Something that happened. The fields of its type stand beside the common ones (Compliance API §2); what has no
 * equivalent there is called `remit_…`.
 */
export const Activity = z.looseObject({
  id: text,
  type: text,
  created_at: text,
  organization_id: text.nullable(),
  organization_uuid: text.nullable(),
  actor: z.looseObject({ type: text }),
});
export type Activity = z.output<typeof Activity>;

const time = z.iso.datetime({ offset: true }).optional();
const LIMIT_MAX = 5000;
const LIMIT_DEFAULT = 100;

export const listActivities = endpoint({
  method: 'GET',
  path: '/v1/compliance/activities',
  permission: 'privacy:view',
  scope: 'read:compliance_activities',
  summary: 'The feed of what happened, newest first; reading it with a key is itself recorded',
  query: z
    .strictObject({
      activity_types: listOf(text),
      exclude_activity_types: listOf(text),
      actor_ids: listOf(text),
      /** Another name for `actor_ids`; both are taken together. */
      user_ids: listOf(text),
      /** Only what happened to this member, group, role or key. */
      subject_id: text.optional(),
      /** Only what this request did. */
      request_id: text.optional(),
      organization_ids: listOf(text),
      'created_at.gte': time,
      'created_at.gt': time,
      'created_at.lte': time,
      'created_at.lt': time,
      order: z.enum(['asc', 'desc']).default('desc'),
      limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
      after_id: text.optional(),
      before_id: text.optional(),
    })
    .refine((query) => query.activity_types.length === 0 || query.exclude_activity_types.length === 0, {
      message: 'give either activity_types or exclude_activity_types',
    })
    .refine((query) => query.after_id === undefined || query.before_id === undefined, {
      message: 'give either after_id or before_id',
    }),
  reply: z.object({
    data: z.array(Activity),
    has_more: z.boolean(),
    first_id: text.nullable(),
    last_id: text.nullable(),
  }),
  errors: ['invalid_request'],
});
