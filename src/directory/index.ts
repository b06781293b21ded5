export { acceptConfiguredKey } from './api-keys/accept-configured-key.ts';
export { directoryConfig, directoryLimits } from './config.ts';
export type { DirectoryDeps, MailInvites } from './deps.ts';
export { revokeToken } from './device-grants/end-grants.ts';
export type { TokenLifetimes, Tokens } from './device-grants/issue-tokens.ts';
export { openGrant } from './device-grants/open-grant.ts';
export { type Renewed, renewGrant } from './device-grants/renew-grant.ts';
export { isAccessToken } from './device-grants/rules/tokens.ts';
export { type Following, followPolicy } from './follow-policy.ts';
export { NO_LIMITS } from './limits.ts';
export { directoryMigrations } from './migrations.ts';
export {
  type ChangePolicy,
  changeInTurn,
  createChangePolicy,
  type PolicyChange,
  type PolicyEntity,
  readChangesSince,
  readPolicyVersion,
} from './policy-changes.ts';
export { type Person, readActivePeople, readHolders } from './read-holders.ts';
export {
  type Names,
  readDefaultWorkspaceId,
  readMemberships,
  readNames,
  readOrganisationId,
  readOrganisationName,
  selectIds,
} from './read-names.ts';
export {
  type CredentialFacts,
  type GroupFacts,
  type MemberFacts,
  readCredentials,
  readDevices,
  readGroups,
  readMembers,
  readRoleNames,
  readSuspended,
  readWorkspaces,
  type WantedIds,
  type WorkspaceFacts,
} from './read-principals.ts';
export { countSeatTiers, readSpenders, type SpenderPage, type SpenderRow } from './read-spenders.ts';
export { type AdminPermissions, permissionStore } from './roles/permission-store.ts';
export { directoryRoutes } from './routes.ts';
export { forgetOldSyncs } from './scim/forget-old.ts';
export { createHandleScim, SCIM_PATH } from './scim/http/handle.ts';
export { type CompiledAllowList, readAllowList, refuseAddress } from './sign-in/addresses/allow-list.ts';
export { type Attempts, createAttempts, placeOf } from './sign-in/attempts.ts';
export { createAuthenticate } from './sign-in/authenticate.ts';
export { forgetExpired } from './sign-in/forget-expired.ts';
export { issueEmergencyLink } from './sign-in/issue-emergency-link.ts';
export { issueOwnerLink } from './sign-in/issue-owner-link.ts';
export { createOidcClient } from './sign-in/providers/oidc-client.ts';
export { createSignInPages } from './sign-in/providers/pages.ts';
export { oneselfOf } from './sign-in/sessions/routes.ts';
export { notFound, toWireTime } from './wire.ts';
