export { acceptConfiguredKey } from './api-keys/accept-configured-key.ts';
export { directoryConfig, directoryLimits } from './config.ts';
export type { DirectoryDeps, MailInvites } from './deps.ts';
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
  findMemberIds,
  type Names,
  readDefaultWorkspaceId,
  readMemberships,
  readNames,
  readOrganisationId,
  readOrganisationName,
} from './read-names.ts';
export {
  type CredentialFacts,
  type GroupFacts,
  type MemberFacts,
  readCredentials,
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
export { createAuthenticate } from './sign-in/authenticate.ts';
export { forgetExpired } from './sign-in/forget-expired.ts';
export { issueEmergencyLink } from './sign-in/issue-emergency-link.ts';
export { issueOwnerLink } from './sign-in/issue-owner-link.ts';
export { createOidcClient } from './sign-in/providers/oidc-client.ts';
export { createSignInPages } from './sign-in/providers/pages.ts';
export { notFound } from './wire.ts';
