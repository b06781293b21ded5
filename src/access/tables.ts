import type { Effort } from '../kernel/index.ts';
import type { AppendTable } from '../platform/index.ts';
import type { CapabilityTables } from './capabilities/tables.ts';
import type { ConnectorTables } from './connectors/tables.ts';

/** The room's tables. Times are epoch milliseconds, UTC; booleans are 0 or 1; `max_effort` null is no cap. */
export type AccessTables = CapabilityTables &
  ConnectorTables & {
    model_access: { model: string; enabled: number; max_effort: Effort | null };
    model_settings: {
      singleton: number;
      default_model: string | null;
      default_effort: Effort | null;
      new_models: 'on' | 'off';
      effort_action: 'clamp' | 'refuse' | 'observe';
      /** Grows with each change of the rules about models, so that two administrators cannot overwrite each other. */
      version: number;
    };
    /** A role without a row here has an untouched Models tab. */
    role_model_settings: {
      role_id: string;
      mode: 'all' | 'selected';
      default_model: string | null;
      default_effort: Effort | null;
    };
    role_model_access: { role_id: string; model: string; enabled: number; max_effort: Effort | null };
    /** Models the provider listed that the shipped catalogue does not have, in the Models API's shape. */
    discovered_models: { id: string; info: string; seen_at: number };
    requests: RequestRow;
  };

/** One request and its decision: appended when it is decided, before a byte of the answer leaves. */
export type RequestRow = {
  id: string;
  started_at: number;
  node: string;
  /** `files`: an upload, which is written down only when it is refused. */
  endpoint: 'messages' | 'count_tokens' | 'batch' | 'batch_item' | 'files';
  user_id: string | null;
  group_id: string | null;
  api_key_id: string;
  client: string | null;
  session_id: string | null;
  agent_id: string | null;
  parent_agent_id: string | null;
  stream: number;
  body_bytes: number;
  effect: 'allow' | 'clamp' | 'deny';
  reason: string | null;
  /** Empty for an upload, which asks for none. */
  model_asked: string;
  /** As forwarded; null when refused. */
  model_used: string | null;
  /** Canonical id; null when the name is unknown. */
  model_id: string | null;
  effort_asked: string | null;
  effort_used: string | null;
  effort_cap: string | null;
  policy_version: number;
  /** JSON: the findings of the decision. */
  findings: string;
  /** JSON: what was wanted, for replaying it against another policy. */
  wanted: string;
  /** The workspace it counts for; null for the default one. */
  workspace_id: string | null;
};

/** `requests` for the journal: the columns in the order of {@link requestValues}. */
export const REQUESTS: AppendTable = {
  name: 'requests',
  columns: [
    'id',
    'started_at',
    'node',
    'endpoint',
    'user_id',
    'group_id',
    'api_key_id',
    'client',
    'session_id',
    'agent_id',
    'parent_agent_id',
    'stream',
    'body_bytes',
    'effect',
    'reason',
    'model_asked',
    'model_used',
    'model_id',
    'effort_asked',
    'effort_used',
    'effort_cap',
    'policy_version',
    'findings',
    'wanted',
    'workspace_id',
  ],
};

/** A request row as the values of {@link REQUESTS}. */
export const requestValues = (row: RequestRow): readonly (string | number | null)[] => [
  row.id,
  row.started_at,
  row.node,
  row.endpoint,
  row.user_id,
  row.group_id,
  row.api_key_id,
  row.client,
  row.session_id,
  row.agent_id,
  row.parent_agent_id,
  row.stream,
  row.body_bytes,
  row.effect,
  row.reason,
  row.model_asked,
  row.model_used,
  row.model_id,
  row.effort_asked,
  row.effort_used,
  row.effort_cap,
  row.policy_version,
  row.findings,
  row.wanted,
  row.workspace_id,
];
