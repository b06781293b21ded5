import type { ToolLevel } from '../../kernel/index.ts';
import type { AppendTable } from '../../platform/index.ts';

/** The tables of the MCP gateway. Times are epoch milliseconds, UTC. */
export type McpTables = {
  mcp_servers: McpServerRow;
  mcp_calls: McpCallRow;
  mcp_call_endings: McpEndingRow;
};

/** How Remit shows itself to a server: not at all, with a bearer token, or with headers. */
export type CredentialKind = 'none' | 'bearer' | 'headers';

/** What the gateway needs of a connector beyond its address; one without a row has no credential and nothing known of it. */
export type McpServerRow = {
  connector_id: string;
  credential_kind: CredentialKind;
  /** Sealed JSON: the headers that go out, names and values alternating; null for none. */
  credential: string | null;
  /** JSON: the names of those headers, which are no secret. */
  header_names: string;
  /** 0 or 1: whether private addresses may be connected to. */
  allows_private: number;
  /** JSON: the tools the server listed last. */
  tools: string;
  tools_at: number | null;
  /** When the server was last asked for its tools, and why it did not answer; null when it did. */
  checked_at: number | null;
  check_error: string | null;
  /** JSON: the name and version the server gives itself; null before it was asked. */
  server_info: string | null;
};

/** What clients ask of a server that is worth a row of its own. */
export const RECORDED_METHODS = ['initialize', 'tools/call', 'prompts/get', 'resources/read'] as const;

export type RecordedMethod = (typeof RECORDED_METHODS)[number];

/** A call and what was decided about it, written before it goes out. Neither arguments nor results are in it. */
export type McpCallRow = {
  id: string;
  /** The HTTP request it came in; the calls of a batch share one. */
  request_id: string;
  started_at: number;
  node: string;
  user_id: string | null;
  group_id: string | null;
  api_key_id: string;
  connector_id: string;
  connector_slug: string;
  method: RecordedMethod;
  /** The tool or prompt; null where there is none. */
  name: string | null;
  /** The level the caller has; null for what no level is set on. */
  level: ToolLevel | null;
  effect: 'allow' | 'deny';
  /** Why it was denied; null when it was not. */
  reason: string | null;
  policy_version: number;
  client: string | null;
  /** Which session it belongs to; tells sessions apart and nothing else. */
  session: string | null;
  body_bytes: number;
};

/**
 * How a call ended. `completed`: answered. `tool_error`: the tool says it failed. `rpc_error`: the server says the call
 * failed. `failed`: the server gave no whole answer. `detached`: the stream ended before the answer, which a client may
 * still fetch. `client_left`, `revoked`, `interrupted`: as for requests to models.
 */
export const MCP_OUTCOMES = [
  'completed',
  'tool_error',
  'rpc_error',
  'failed',
  'detached',
  'client_left',
  'revoked',
  'interrupted',
] as const;

export type McpOutcome = (typeof MCP_OUTCOMES)[number];

export type McpEndingRow = {
  call_id: string;
  ended_at: number;
  outcome: McpOutcome;
  /** The HTTP status the client saw; null when it saw none. */
  status: number | null;
  answer_bytes: number;
  total_ms: number;
};

const CALL_COLUMNS = [
  'id',
  'request_id',
  'started_at',
  'node',
  'user_id',
  'group_id',
  'api_key_id',
  'connector_id',
  'connector_slug',
  'method',
  'name',
  'level',
  'effect',
  'reason',
  'policy_version',
  'client',
  'session',
  'body_bytes',
] as const satisfies readonly (keyof McpCallRow)[];

const ENDING_COLUMNS = [
  'call_id',
  'ended_at',
  'outcome',
  'status',
  'answer_bytes',
  'total_ms',
] as const satisfies readonly (keyof McpEndingRow)[];

/** `mcp_calls` for the journal. */
export const MCP_CALLS: AppendTable = { name: 'mcp_calls', columns: CALL_COLUMNS };

/** `mcp_call_endings` for the journal. */
export const MCP_CALL_ENDINGS: AppendTable = { name: 'mcp_call_endings', columns: ENDING_COLUMNS };

/** A call's values in the order of {@link MCP_CALLS}. */
export const callValues = (row: McpCallRow) => CALL_COLUMNS.map((column) => row[column]);

/** An ending's values in the order of {@link MCP_CALL_ENDINGS}. */
export const endingValues = (row: McpEndingRow) => ENDING_COLUMNS.map((column) => row[column]);
