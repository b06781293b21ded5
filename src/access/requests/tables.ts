import type { AppendTable } from '../../platform/index.ts';

/** The tables of requests. `requests` is a view of the other two, for reading. */
export type RequestTables = { requests: RequestRow; request_log: RequestLogRow; request_kinds: RequestKindRow };

/** One request and its decision, as it is read: a row of `request_log` with what it has in common with others. */
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

/** What a request has for itself: appended when it is decided, before a byte of the answer leaves. Never updated. */
export type RequestLogRow = Pick<
  RequestRow,
  | 'id'
  | 'started_at'
  | 'user_id'
  | 'session_id'
  | 'agent_id'
  | 'parent_agent_id'
  | 'body_bytes'
  // It grows with every change of a directory, and would make every kind anew.
  | 'policy_version'
> & { kind_id: string };

/** What many requests have in common, stored once; its rows neither change nor go. */
export type RequestKind = Omit<RequestRow, keyof RequestLogRow>;

/** A kind by its id, which follows from all the others (`kindIdOf`). */
export type RequestKindRow = RequestKind & { id: string };

/** `request_log` for the journal: the columns in the order of {@link requestLogValues}. */
export const REQUEST_LOG: AppendTable = {
  name: 'request_log',
  columns: [
    'id',
    'started_at',
    'kind_id',
    'user_id',
    'session_id',
    'agent_id',
    'parent_agent_id',
    'body_bytes',
    'policy_version',
  ],
};

/** A row as the values of {@link REQUEST_LOG}. */
export const requestLogValues = (row: RequestLogRow): readonly (string | number | null)[] => [
  row.id,
  row.started_at,
  row.kind_id,
  row.user_id,
  row.session_id,
  row.agent_id,
  row.parent_agent_id,
  row.body_bytes,
  row.policy_version,
];
