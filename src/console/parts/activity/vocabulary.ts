import type { ACTIVITY_TITLES } from '../../../activity/contract.ts';

/** The areas by which the feed can be narrowed, in the order of the choice. */
export const AREAS = {
  members: 'Members',
  groups: 'Groups',
  roles: 'Custom roles',
  models: 'Models',
  keys: 'Keys',
  'sign-in': 'Sign-in',
  identity: 'Identity providers',
  connectors: 'Connectors',
  spend: 'Spend',
  organisation: 'Organisation and compliance',
} as const;

/** One of the areas. */
export type Area = keyof typeof AREAS;

/** The types of activity this console has a sentence for. */
type KnownType = keyof typeof ACTIVITY_TITLES;

/**
 * Each type's area, and its sentence. A word in braces is a field of the activity or one of the parts in `sentence.ts`
 * that say more than a field: who, whom, which group, what changed.
 */
export const SENTENCES: Readonly<Record<KnownType, readonly [area: Area, sentence: string]>> = {
  claude_organization_settings_updated: ['organisation', '{actor} changed settings of the organisation: {updates}'],
  claude_user_role_updated: [
    'members',
    '{actor} changed the organisation role of {member} from {role_before} to {role_after}',
  ],
  claude_user_seat_tier_updated: ['members', '{actor} changed the seat of {member} from {seat_before} to {seat_after}'],
  org_user_deleted: ['members', '{actor} removed {member} from the organisation'],
  org_members_exported: ['members', '{actor} exported the list of members'],
  platform_cost_report_viewed: ['spend', '{actor} exported a report of spend'],
  remit_prices_updated: ['spend', '{actor} changed prices: {updates}'],
  remit_rerating_started: [
    'spend',
    '{actor} booked the re-rating of {starting_date} until {ending_date} by price book {price_book}',
  ],
  remit_rerating_ended: [
    'spend',
    'The re-rating of {starting_date} until {ending_date} by price book {price_book} changed {requests_changed} requests',
  ],
  org_user_invite_sent: ['members', '{actor} invited {invited_email} as {role_invited}'],
  org_user_invite_re_sent: ['members', '{actor} sent the invite of {invited_email} again'],
  org_user_invite_accepted: ['members', '{actor} accepted an invite'],
  org_user_invite_deleted: ['members', '{actor} withdrew an invite'],
  primary_owner_transferred: ['members', '{actor} made {new_owner} the primary owner of the organisation'],
  remit_user_added: ['members', '{actor} added {member} to the organisation as {role_given}'],
  remit_user_suspended: ['members', '{actor} suspended {member}'],
  remit_user_restored: ['members', '{actor} restored {member}'],
  remit_user_renamed: ['members', '{actor} renamed {member}: {updates}'],
  remit_sign_in_link_created: ['sign-in', '{actor} made a sign-in link for {member}'],
  remit_password_set: ['sign-in', '{actor} set a password'],
  group_created: ['groups', '{actor} created the group {group}'],
  group_updated: ['groups', '{actor} changed the group {group}'],
  group_deleted: ['groups', '{actor} deleted the group {group}'],
  group_member_added: ['groups', '{actor} added {members} to {group}'],
  group_member_addition_failed: ['groups', '{actor} could not add {members} to {group}'],
  group_member_removal_failed: ['groups', '{actor} could not take {members} out of {group}'],
  group_member_removed: ['groups', '{actor} took {members} out of {group}'],
  rbac_role_created: ['roles', '{actor} created the custom role {role}'],
  rbac_role_updated: ['roles', '{actor} changed the custom role {role}'],
  rbac_role_deleted: ['roles', '{actor} deleted the custom role {role}'],
  rbac_role_assigned: ['roles', '{actor} gave the role {role} to {holder}'],
  rbac_role_unassigned: ['roles', '{actor} took the role {role} from {holder}'],
  rbac_role_permission_added: ['roles', '{actor} added {granted} to the role {role}'],
  rbac_role_permission_removed: ['roles', '{actor} took {granted} from the role {role}'],
  admin_api_key_created: ['keys', '{actor} created the admin key {key}'],
  admin_api_key_deleted: ['keys', '{actor} revoked the admin key {key}'],
  admin_api_key_updated: ['keys', '{actor} changed the admin key {key}: {updates}'],
  platform_api_key_created: ['keys', '{actor} created the personal key {key}'],
  platform_api_key_updated: ['keys', '{actor} changed the key {key}: {updates}'],
  platform_workspace_created: ['keys', '{actor} created the workspace {workspace}'],
  platform_workspace_updated: ['keys', '{actor} changed the workspace {workspace}: {updates}'],
  platform_workspace_archived: ['keys', '{actor} archived the workspace {workspace}'],
  platform_workspace_member_added: ['keys', '{actor} put {member} into the workspace {workspace}'],
  platform_workspace_member_updated: [
    'keys',
    '{actor} changed the role of {member} in the workspace {workspace}: {updates}',
  ],
  platform_workspace_member_removed: ['keys', '{actor} took {member} out of the workspace {workspace}'],
  service_key_created: ['keys', '{actor} created the service key {key} for {service}'],
  service_key_revoked: ['keys', '{actor} revoked the service key {key} of {service}'],
  org_model_default_updated: ['models', '{actor} {default_changed} for {level}'],
  remit_model_access_updated: ['models', '{actor} changed {model} for {level}: {updates}'],
  mcp_server_created: ['connectors', '{actor} added the connector {server}'],
  mcp_server_updated: ['connectors', '{actor} changed the connector {server}'],
  mcp_server_deleted: ['connectors', '{actor} removed the connector {server}'],
  remit_notice_channel_created: ['spend', '{actor} added the notification channel {notice_channel_name}'],
  remit_notice_channel_updated: ['spend', '{actor} changed the notification channel {notice_channel_name}: {updates}'],
  remit_notice_channel_deleted: ['spend', '{actor} removed the notification channel {notice_channel_name}'],
  remit_notice_settings_updated: ['spend', '{actor} changed who is notified of spend: {updates}'],
  remit_notice_delivery_retried: ['spend', '{actor} sent a notification again'],
  platform_spend_limit_alert_emails_updated: [
    'spend',
    '{actor} changed who else is notified of spend: {alert_emails_now}',
  ],
  remit_mcp_tools_refreshed: ['connectors', '{actor} read the list of tools of {server}'],
  mcp_tool_policy_updated: ['connectors', '{actor} set the tool {tool_name} of {server} to {permission}'],
  remit_login_succeeded: ['sign-in', '{actor} signed in'],
  remit_login_failed: ['sign-in', '{actor} could not sign in: {reason}'],
  user_logged_out: ['sign-in', '{actor} signed out'],
  scim_user_created: ['identity', '{actor} provisioned {member}'],
  scim_user_updated: ['identity', '{actor} changed {member}'],
  scim_user_deleted: ['identity', '{actor} deprovisioned {member}'],
  org_directory_sync_add_initiated: ['identity', '{actor} added a directory'],
  org_directory_sync_deleted: ['identity', '{actor} removed a directory'],
  org_directory_resync_started: ['identity', '{actor} started a sync of a directory'],
  org_directory_resync_completed: ['identity', 'The sync of a directory that {actor} started has ended'],
  org_sso_group_role_mappings_updated: ['identity', '{actor} changed which roles groups are mapped to: {updates}'],
  org_sso_seat_tier_mappings_updated: ['identity', '{actor} changed which seats groups are mapped to: {updates}'],
  remit_directory_updated: ['identity', '{actor} changed the settings of a directory: {updates}'],
  remit_directory_token_created: ['identity', '{actor} made a new token for a directory'],
  remit_directory_token_revoked: ['identity', '{actor} ended a token of a directory'],
  remit_directory_removal_held: ['identity', 'The removal of {member} waits for approval ({reason})'],
  remit_directory_removal_decided: ['identity', '{actor} {decision} held removals'],
  session_revoked: ['sign-in', '{actor} ended sessions of their own'],
  org_user_trusted_devices_revoked: ['sign-in', '{actor} signed {member} out everywhere'],
  trusted_device_enrolled: ['sign-in', '{actor} signed in on a device with Claude Code'],
  trusted_device_revoked: ['sign-in', '{actor} signed a device of {member} out'],
  remit_device_sign_in_approved: ['sign-in', '{actor} confirmed the sign-in of a device with the code {user_code}'],
  remit_device_sign_in_denied: ['sign-in', '{actor} denied the sign-in of a device with the code {user_code}'],
  remit_device_token_replayed: [
    'sign-in',
    'A device of {member} was signed out: a token came back that had been replaced',
  ],
  remit_second_factor_enrolment_started: ['sign-in', '{actor} began to set up a second factor'],
  remit_second_factor_enabled: ['sign-in', '{actor} set up a second factor'],
  remit_second_factor_removed: ['sign-in', '{actor} removed the second factor of {member}'],
  remit_recovery_codes_created: ['sign-in', '{actor} made new recovery codes'],
  remit_sign_in_settings_updated: ['identity', '{actor} changed the rules of signing in: {updates}'],
  remit_emergency_link_created: ['sign-in', 'Somebody at the server made an emergency link'],
  remit_emergency_access_used: ['sign-in', '{actor} became an owner with an emergency link'],
  org_ip_restriction_created: ['identity', '{actor} put an allow-list of addresses in force: {updates}'],
  org_ip_restriction_updated: ['identity', '{actor} changed the allow-list of addresses: {updates}'],
  org_ip_restriction_deleted: ['identity', '{actor} switched the allow-list of addresses off: {updates}'],
  sso_login_initiated: ['sign-in', 'Somebody began to sign in by single sign-on'],
  sso_login_failed: ['sign-in', 'Somebody could not sign in by single sign-on: {reason}'],
  org_sso_add_initiated: ['identity', '{actor} added an identity provider'],
  org_sso_connection_activated: ['identity', '{actor} switched an identity provider on'],
  org_sso_connection_deactivated: ['identity', '{actor} switched an identity provider off'],
  org_sso_connection_deleted: ['identity', '{actor} deleted an identity provider'],
  org_sso_provisioning_mode_changed: ['identity', '{actor} changed provisioning from {previous_mode} to {new_mode}'],
  org_sso_toggled: ['identity', '{actor} changed whether single sign-on is enforced'],
  remit_identity_provider_updated: ['identity', '{actor} changed an identity provider: {updates}'],
  remit_identity_linked: ['identity', '{actor} linked an account to {member}'],
  remit_identity_unlinked: ['identity', '{actor} unlinked an account from {member}'],
  sso_login_succeeded: ['sign-in', '{actor} signed in by single sign-on'],
  platform_workspace_rate_limit_updated: [
    'spend',
    '{actor} limited {model_group} in the workspace {workspace} to {rate_value} {limiter}',
  ],
  platform_workspace_rate_limit_deleted: [
    'spend',
    '{actor} lifted the limit of {limiter} on {model_group} in the workspace {workspace}',
  ],
  remit_rate_limit_updated: ['spend', '{actor} limited {limited} to {rate_value} {limiter} on {model_group}'],
  remit_rate_limit_deleted: ['spend', '{actor} lifted the limit of {limited} on {limiter} of {model_group}'],
  remit_rate_tier_updated: ['spend', '{actor} changed the organisation’s {updates}'],
  extra_usage_spend_limit_created: [
    'spend',
    '{actor} set the {limit_period}spend limit of {limited} to {limit_amount}',
  ],
  extra_usage_spend_limit_updated: [
    'spend',
    '{actor} changed the {limit_period}spend limit of {limited} from {limit_before} to {limit_amount}',
  ],
  extra_usage_spend_limit_deleted: ['spend', '{actor} deleted the {limit_period}spend limit of {limited}'],
  remit_spend_ledger_rebuilt: [
    'spend',
    '{actor} had spend counted again from {starting_on}; {counters_changed} counters were put right',
  ],
  remit_spend_limit_increase_requested: ['spend', '{actor} asked for a higher {period} spend limit'],
  extra_usage_spend_limit_increase_request_approved: [
    'spend',
    '{actor} approved the request of {requester} for a higher spend limit: {limit_amount}',
  ],
  extra_usage_spend_limit_increase_request_denied: [
    'spend',
    '{actor} denied the request of {requester} for a higher spend limit',
  ],
  prepaid_extra_usage_auto_reload_enabled: ['spend', '{actor} switched the auto-reload of prepaid credit on'],
  prepaid_extra_usage_auto_reload_disabled: ['spend', '{actor} switched the auto-reload of prepaid credit off'],
  prepaid_extra_usage_auto_reload_settings_updated: ['spend', '{actor} changed the auto-reload of prepaid credit'],
  remit_prepaid_order_created: ['spend', '{actor} added {limit_amount} of prepaid credit ({order_words})'],
  compliance_api_accessed: ['organisation', '{actor} read {url} through the Compliance API'],
};

const isKnown = (type: string): type is KnownType => Object.hasOwn(SENTENCES, type);

/** The sentence of a type and its area; undefined for a type that only a newer server knows. */
export const sentenceFor = (type: string): { readonly area: Area; readonly sentence: string } | undefined => {
  if (!isKnown(type)) return undefined;
  const [area, sentence] = SENTENCES[type];
  return { area, sentence };
};

/** The types of one area. */
export const typesIn = (area: Area): readonly string[] =>
  Object.entries(SENTENCES).flatMap(([type, [itsArea]]) => (itsArea === area ? [type] : []));

const isArea = (word: string): word is Area => Object.hasOwn(AREAS, word);

/** The types a choice stands for: those of an area, or the one it names; none for no choice. */
export const typesOf = (what: string | undefined): readonly string[] => {
  if (what === undefined) return [];
  return isArea(what) ? typesIn(what) : [what];
};
