import type { DeviceActivityFields } from './device-vocabulary.ts';

/** A change of one setting, as the Compliance API writes them. */
export type Update = { readonly type: string; readonly previous_value: unknown; readonly current_value: unknown };

type Nothing = { readonly [Name in never]: never };

/** Whom somebody has invited, as what; there are no seats yet. */
type Invitation = {
  readonly invited_email: string;
  readonly invited_role: string;
  readonly invited_seat_tier: null;
};

type InWorkspace = { readonly workspace_id: string };

/** Who a custom role is attached to. */
type RoleHolder = { readonly principal_id: string; readonly principal_type: 'user' | 'rbac_group' };

/** One thing that a custom role permits: an action on a resource. */
type RolePermission = {
  readonly role_id: string;
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string;
};

/** A limiter of the Rate Limits API, and the name of what it limits. */
type LimitedRate = { readonly limiter_type: string; readonly model_group: string };

/** Whose rate limit it is: the type of its scope and the id of what that names. */
type RateOwner = { readonly limit_type: string; readonly scope_id: string | null };

/** A spend limit, with amounts in cents. Period and what the scope names are Remit's own, beside the fields of the type. */
type SpendLimitFields = {
  readonly spend_limit_id: string;
  /** The type of its scope. */
  readonly limit_type: string;
  readonly user_id: string | null;
  readonly scope_id: string | null;
  readonly period: string | null;
  /** null is unlimited. */
  readonly amount: number | null;
  readonly is_enabled: boolean;
};
type NamedChannel = { readonly notice_channel_id: string; readonly notice_channel_name: string };

/** A past period that is charged anew by a version of the price book. */
type ReratingFields = {
  readonly rerating_id: string;
  readonly price_book: string;
  readonly starting_date: string;
  /** The day after the last. */
  readonly ending_date: string;
};

type NamedServer = { readonly mcp_server_id: string; readonly mcp_server_name: string };

/**
 * The closed vocabulary of what can happen, with the fields of each type beside the common ones. Names and fields are
 * those of the Compliance API's activity types; what it has no type for is called `remit_…`.
 */
export type ActivityFields = DeviceActivityFields & {
  readonly claude_organization_settings_updated: { readonly updates: readonly Update[] };
  readonly claude_user_role_updated: {
    readonly user_id: string;
    readonly user_email: string;
    readonly previous_role: string | null;
    readonly current_role: string | null;
  };
  readonly claude_user_seat_tier_updated: {
    readonly user_id: string;
    readonly user_email: string;
    readonly previous_seat_tier: string | null;
    readonly current_seat_tier: string | null;
  };
  readonly org_members_exported: Nothing;
  readonly platform_cost_report_viewed: Nothing;
  readonly remit_prices_updated: { readonly price_book: string; readonly updates: readonly Update[] };
  readonly remit_rerating_started: ReratingFields;
  readonly remit_rerating_ended: ReratingFields & {
    readonly requests_changed: number;
    /** In cents. */
    readonly difference: string;
  };
  readonly org_user_invite_sent: Invitation & { readonly invited_rbac_group_ids: readonly string[] };
  readonly org_user_invite_re_sent: Invitation;
  readonly org_user_invite_accepted: { readonly invite_id: string };
  readonly org_user_invite_deleted: { readonly invite_id: string };
  readonly primary_owner_transferred: { readonly new_owner_id: string; readonly previous_owner_id: string | null };
  readonly org_user_deleted: { readonly deleted_user_id: string; readonly deleted_user_email: string };
  readonly remit_user_suspended: { readonly user_id: string; readonly user_email: string };
  readonly remit_user_restored: { readonly user_id: string; readonly user_email: string };
  readonly remit_user_added: { readonly user_id: string; readonly user_email: string; readonly role: string };
  readonly remit_user_renamed: { readonly user_id: string; readonly updates: readonly Update[] };
  readonly remit_sign_in_link_created: { readonly user_id: string };
  readonly remit_password_set: { readonly user_id: string };
  readonly group_created: { readonly group_id: string; readonly group_name: string };
  readonly group_updated: { readonly group_id: string };
  readonly group_deleted: { readonly group_id: string };
  readonly group_member_added: { readonly group_id: string; readonly member_ids: readonly string[] };
  readonly group_member_addition_failed: { readonly group_id: string; readonly member_ids: readonly string[] };
  readonly group_member_removal_failed: { readonly group_id: string; readonly member_ids: readonly string[] };
  readonly group_member_removed: { readonly group_id: string; readonly member_ids: readonly string[] };
  readonly rbac_role_created: { readonly role_id: string; readonly role_name: string };
  readonly rbac_role_updated: { readonly role_id: string };
  readonly rbac_role_deleted: { readonly role_id: string };
  readonly rbac_role_permission_added: RolePermission;
  readonly rbac_role_permission_removed: RolePermission;
  readonly rbac_role_assigned: RoleHolder & { readonly role_id: string };
  readonly rbac_role_unassigned: RoleHolder & { readonly role_id: string };
  readonly admin_api_key_created: { readonly admin_api_key_id: string; readonly scopes: readonly string[] };
  readonly admin_api_key_deleted: { readonly admin_api_key_id: string };
  readonly admin_api_key_updated: { readonly admin_api_key_id: string; readonly updates: readonly Update[] };
  readonly platform_api_key_created: { readonly api_key_id: string };
  readonly platform_api_key_updated: { readonly api_key_id: string; readonly updates: readonly Update[] };
  readonly platform_workspace_created: InWorkspace;
  readonly platform_workspace_updated: InWorkspace & { readonly updates: readonly Update[] };
  readonly platform_workspace_archived: InWorkspace;
  readonly platform_workspace_member_added: InWorkspace & { readonly user_id: string };
  readonly platform_workspace_member_updated: InWorkspace & {
    readonly user_id: string;
    readonly updates: readonly Update[];
  };
  readonly platform_workspace_member_removed: InWorkspace & { readonly user_id: string };
  readonly platform_workspace_rate_limit_updated: InWorkspace & LimitedRate & { readonly value: number };
  readonly platform_workspace_rate_limit_deleted: InWorkspace & LimitedRate;
  readonly remit_rate_limit_updated: LimitedRate & RateOwner & { readonly value: number };
  readonly remit_rate_limit_deleted: LimitedRate & RateOwner;
  readonly remit_rate_tier_updated: { readonly updates: readonly Update[] };
  readonly service_key_created: {
    readonly is_service_created: boolean;
    readonly key_name: string;
    readonly service_name: string;
    readonly service_key_id: string;
  };
  readonly service_key_revoked: { readonly service_key_id: string; readonly service_name: string };
  readonly org_model_default_updated: {
    readonly action: 'set' | 'cleared';
    readonly principal_type: 'org' | 'rbac_role';
    readonly principal_id: string;
    readonly override_user_selection: boolean;
    readonly default_model: string | null;
  };
  readonly remit_model_access_updated: {
    readonly principal_type: 'org' | 'rbac_role';
    readonly principal_id: string;
    readonly model: string;
    readonly updates: readonly Update[];
  };
  readonly mcp_server_created: NamedServer;
  readonly mcp_server_updated: NamedServer;
  readonly mcp_server_deleted: NamedServer;
  readonly remit_notice_channel_created: NamedChannel & { readonly kind: string };
  readonly remit_notice_channel_updated: NamedChannel & { readonly updates: readonly Update[] };
  readonly remit_notice_channel_deleted: NamedChannel;
  readonly remit_notice_settings_updated: { readonly updates: readonly Update[] };
  readonly remit_notice_delivery_retried: { readonly notice_delivery_id: string };
  readonly platform_spend_limit_alert_emails_updated: {
    readonly alert_emails: readonly string[] | null;
    readonly alerted_roles: readonly string[] | null;
  };
  readonly remit_mcp_tools_refreshed: NamedServer & {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    /** Tools whose description or hints are other ones than before. */
    readonly changed: readonly string[];
  };
  readonly mcp_tool_policy_updated: NamedServer & {
    readonly tool_name: string;
    readonly max_permission: string | null;
  };
  readonly remit_login_succeeded: { readonly auth_method: string; readonly mfa_method: string | null };
  readonly remit_login_failed: {
    readonly auth_method: string;
    readonly reason: string;
    /** Failures since the last one recorded that were too many to record one by one. */
    readonly not_recorded_before: number;
  };
  readonly user_logged_out: Nothing;
  readonly scim_user_created: { readonly user_id: string };
  readonly scim_user_updated: { readonly user_id: string };
  readonly scim_user_deleted: { readonly user_id: string };
  readonly org_directory_sync_add_initiated: { readonly directory_id: string };
  readonly org_directory_sync_deleted: { readonly directory_id: string };
  readonly org_directory_resync_started: {
    readonly resync_uuid: string;
    readonly sync_destinations: readonly string[];
    readonly directory_id: string;
  };
  readonly org_directory_resync_completed: { readonly resync_uuid: string; readonly directory_id: string };
  readonly org_sso_group_role_mappings_updated: { readonly directory_id: string; readonly updates: readonly Update[] };
  readonly org_sso_seat_tier_mappings_updated: { readonly directory_id: string; readonly updates: readonly Update[] };
  readonly remit_directory_updated: { readonly directory_id: string; readonly updates: readonly Update[] };
  readonly remit_directory_token_created: { readonly directory_id: string; readonly token_id: string };
  readonly remit_directory_token_revoked: { readonly directory_id: string; readonly token_id: string };
  readonly remit_directory_removal_held: {
    readonly directory_id: string;
    readonly user_id: string;
    readonly reason: string;
  };
  readonly remit_directory_removal_decided: {
    readonly directory_id: string;
    readonly decision: 'approved' | 'rejected';
    readonly user_ids: readonly string[];
  };
  readonly session_revoked: Nothing;
  readonly org_user_trusted_devices_revoked: {
    readonly user_id: string;
    readonly completed: boolean;
    readonly devices_revoked_count: number;
    readonly sessions_revoked_count: number;
  };
  readonly remit_second_factor_enrolment_started: { readonly user_id: string };
  readonly remit_second_factor_enabled: { readonly user_id: string };
  readonly remit_second_factor_removed: { readonly user_id: string };
  readonly remit_recovery_codes_created: { readonly user_id: string };
  readonly remit_sign_in_settings_updated: { readonly updates: readonly Update[] };
  readonly remit_emergency_link_created: { readonly user_email: string | null };
  readonly remit_emergency_access_used: {
    readonly user_id: string;
    readonly user_email: string;
    readonly previous_role: string | null;
    readonly previous_status: string | null;
  };
  readonly org_ip_restriction_created: { readonly updates: readonly Update[] };
  readonly org_ip_restriction_updated: { readonly updates: readonly Update[] };
  readonly org_ip_restriction_deleted: { readonly updates: readonly Update[] };
  readonly sso_login_initiated: { readonly connection_id: string };
  readonly sso_login_failed: { readonly reason: string };
  readonly org_sso_add_initiated: { readonly connection_id: string };
  readonly org_sso_connection_activated: { readonly connection_id: string; readonly connection_type: string };
  readonly org_sso_connection_deactivated: { readonly connection_id: string };
  readonly org_sso_connection_deleted: { readonly connection_id: string };
  readonly org_sso_provisioning_mode_changed: {
    readonly connection_id: string;
    readonly previous_mode: string;
    readonly new_mode: string;
  };
  readonly org_sso_toggled: { readonly connection_id: string; readonly enabled: boolean };
  readonly remit_identity_provider_updated: { readonly connection_id: string; readonly updates: readonly Update[] };
  readonly remit_identity_linked: { readonly user_id: string; readonly connection_id: string };
  readonly remit_identity_unlinked: { readonly user_id: string; readonly connection_id: string };
  readonly sso_login_succeeded: { readonly auth_method: 'sso'; readonly mfa_method: string | null };
  readonly extra_usage_spend_limit_created: SpendLimitFields;
  readonly extra_usage_spend_limit_updated: SpendLimitFields & { readonly previous_amount: number | null };
  readonly extra_usage_spend_limit_deleted: SpendLimitFields;
  readonly remit_spend_ledger_rebuilt: {
    readonly starting_on: string;
    readonly ending_before: string;
    readonly counters_changed: number;
  };
  readonly remit_spend_limit_increase_requested: {
    readonly user_id: string;
    readonly spend_limit_increase_request_id: string;
    readonly period: string;
  };
  readonly extra_usage_spend_limit_increase_request_approved: {
    readonly amount: number | null;
    readonly requester_user_id: string;
    readonly spend_limit_id: string;
    readonly spend_limit_increase_request_id: string;
  };
  readonly extra_usage_spend_limit_increase_request_denied: {
    readonly requester_user_id: string;
    readonly spend_limit_increase_request_id: string;
  };
  readonly prepaid_extra_usage_auto_reload_enabled: Nothing;
  readonly prepaid_extra_usage_auto_reload_disabled: Nothing;
  readonly prepaid_extra_usage_auto_reload_settings_updated: Nothing;
  readonly remit_prepaid_order_created: {
    readonly order_id: string;
    readonly order_kind: string;
    /** In cents. */
    readonly amount: number;
  };
  readonly compliance_api_accessed: {
    readonly request_id: string;
    readonly request_method: string;
    readonly status_code: number;
    readonly url: string;
    readonly request_body: string | null;
  };
};

export type ActivityType = keyof ActivityFields;

/** Something that happened, before it has an id and a time. */
export type NewActivity = { readonly [T in ActivityType]: { readonly type: T } & ActivityFields[T] }[ActivityType];
