export {
  type Actor,
  ADMINISTRATOR_PERMISSIONS,
  type Asked,
  mayCall,
  mayUse,
  ORGANISATION_ROLES,
  type OrganisationRole,
  permissionsOfRole,
} from './actor.ts';
export { ADMIN_SCOPES, type AdminScope, isAdminScope, permissionsOfScopes } from './admin-scope.ts';
export { API_VERSIONS, type ApiVersion, KNOWN_BETAS } from './api-dialect.ts';
export { CAPABILITIES, CAPABILITY_ACCESS, type Capability, type CapabilityAccess, type Product } from './capability.ts';
export { actorOf, bySystem, type Doer, type Machine, type Visitor } from './doer.ts';
export { EFFORTS, type Effort, effortRank, higherEffort, highestWithin, isEffort, lowerEffort } from './effort.ts';
export { createNewId, firstIdAt, ID_PREFIXES, type IdKind, type NewId } from './ids.ts';
export { CENTS, centsOf, formatUsd, MICROS_PER_CENT, MICROS_PER_USD, type Micros, microsOfCents } from './money.ts';
export { type IdPage, idPage } from './page.ts';
export {
  DAY_MS,
  type Day,
  type DayRange,
  dayOf,
  PERIODS,
  type Period,
  rememberWindows,
  windowEnd,
  windowOf,
} from './period.ts';
export {
  PERMISSION_AREAS,
  PERMISSION_LEVELS,
  type Permission,
  type PermissionArea,
  type PermissionLevel,
  permissionsOfLevel,
} from './permission.ts';
export { Refusal, type RefusalCode, type RefusalDetails } from './refusal.ts';
export { freerLevel, stricterLevel, TOOL_LEVELS, type ToolLevel } from './tool-level.ts';
