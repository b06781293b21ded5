export { acceptCapabilityOverrides } from './capabilities/accept-overrides.ts';
export type { AccessDeps } from './change-models.ts';
export { accessConfig, capabilityOverrides, ownModels } from './config.ts';
export { connectorStore } from './connectors/store.ts';
export { judge } from './judge.ts';
export { type Judgement, type PackedDecision, packDecision } from './judgement.ts';
export { accessMigrations } from './migrations.ts';
export { openPolicy, type Policy } from './policy.ts';
export { registerModels, rememberDiscoveredModels } from './register-models.ts';
export { insertRequests } from './requests/insert-requests.ts';
export { type KindFacts, rememberKinds } from './requests/remember-kinds.ts';
export { joinRequest, type SharedKind, shareKind, splitRequest } from './requests/request-kind.ts';
export {
  REQUEST_LOG,
  type RequestLogRow,
  type RequestRow,
  requestLogValues,
} from './requests/tables.ts';
export {
  type Caller,
  memberRights,
  type Resolution,
  resolveCaller,
  resolveCredential,
  restrictCaller,
  type Unresolved,
} from './resolve-caller.ts';
export { resolveWorkspace, type WorkspaceProblem } from './resolve-workspace.ts';
export { accessRoutes } from './routes.ts';
export { CATALOGUE } from './rules/catalogue.ts';
export type { Connector, ConnectorIndex } from './rules/connectors.ts';
export { decide } from './rules/decide.ts';
export {
  type Changes,
  type Decision,
  type Finding,
  type LimitFacts,
  type RateFacts,
  refusalOf,
} from './rules/decision.ts';
export type { Entitlement } from './rules/entitlement.ts';
export type { Entitlements } from './rules/entitlements.ts';
export { effortsLeft } from './rules/entitlements.ts';
export { judgeCapability } from './rules/judge-capabilities.ts';
export { LINES, type Model, type ModelLine } from './rules/model.ts';
export { resolveName } from './rules/model-index.ts';
export { type ModelInfo, toModelInfo } from './rules/model-info.ts';
export { explain } from './rules/reasons.ts';
export type { Restriction } from './rules/restriction.ts';
export {
  mayReach,
  namedTools,
  roleToolLevel,
  type ToolQuestion,
  type ToolRuling,
  toolLevel,
} from './rules/tool-level.ts';
export { BRINGS_NOTHING, type Wanted, type WantedServer, type WantedTool } from './rules/types.ts';
export { principalOfMember, type Snapshot } from './snapshot.ts';
export type { AccessTables } from './tables.ts';
export { unresolvedRefusal } from './unresolved-refusal.ts';
