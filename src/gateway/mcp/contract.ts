import { z } from 'zod';
import { ToolLevel } from '../../access/contract.ts';
import { endpoint, pageLimit } from '../../platform/contract.ts';

const CONNECTOR = '/v1/organizations/connectors/:connector_id';

const headerName = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'use letters, digits and hyphens, as names of headers have them');

const headerValue = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/, 'use visible ASCII characters, on one line');

/** How Remit shows itself to the server. Secrets can be set and never read. */
export const NewCredential = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: headerValue }),
  z.strictObject({
    kind: z.literal('headers'),
    headers: z
      .array(z.strictObject({ name: headerName, value: headerValue }))
      .min(1)
      .max(10),
  }),
]);
export type NewCredential = z.output<typeof NewCredential>;

/** A tool as its server describes it; the hints are the server's own and bind nobody. */
export const KnownTool = z.object({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string().nullable(),
  read_only: z.boolean().nullable(),
  destructive: z.boolean().nullable(),
});
export type KnownTool = z.output<typeof KnownTool>;

/** What the gateway keeps of a connector beyond its address. */
export const ConnectorServer = z.object({
  type: z.literal('connector_server'),
  connector_id: z.string(),
  credential: z.object({ kind: z.enum(['none', 'bearer', 'headers']), header_names: z.array(z.string()) }),
  private_addresses: z.boolean(),
  /** The tools the server listed last; null before it was asked. */
  tools: z.array(KnownTool).nullable(),
  tools_refreshed_at: z.string().nullable(),
  /** How the server answered when it was last asked for its tools; null before that. */
  health: z
    .object({
      checked_at: z.string(),
      error: z.string().nullable(),
      server: z.object({ name: z.string(), version: z.string() }).nullable(),
    })
    .nullable(),
});
export type ConnectorServer = z.output<typeof ConnectorServer>;

export const getConnectorServer = endpoint({
  method: 'GET',
  path: `${CONNECTOR}/server`,
  permission: 'libraries:view',
  summary: 'How Remit reaches a connector’s server, the tools it listed last, and how it answered',
  reply: ConnectorServer,
  errors: ['not_found'],
});

export const setConnectorServer = endpoint({
  method: 'POST',
  path: `${CONNECTOR}/server`,
  permission: 'libraries:manage',
  summary: 'Set the credential Remit uses at the server, and whether private addresses may be connected to',
  records: ['mcp_server_updated'],
  body: z.strictObject({ credential: NewCredential.optional(), private_addresses: z.boolean().optional() }),
  reply: ConnectorServer,
  errors: ['not_found', 'invalid_request'],
});

export const refreshConnectorTools = endpoint({
  method: 'POST',
  path: `${CONNECTOR}/refresh_tools`,
  permission: 'libraries:manage',
  summary: 'Ask the server for its tools now; what is new, gone or described otherwise is recorded',
  records: ['remit_mcp_tools_refreshed'],
  reply: ConnectorServer,
  errors: [
    'not_found',
    'upstream_unreachable',
    'upstream_timeout',
    'upstream_credential_rejected',
    'upstream_redirected',
  ],
});

export const testConnector = endpoint({
  method: 'POST',
  path: '/v1/organizations/connector_tests',
  permission: 'libraries:manage',
  summary: 'Ask a server for its tools without registering it; nothing is stored',
  records: [],
  body: z.strictObject({
    url: z.url({ protocol: /^https?$/ }).max(2048),
    credential: NewCredential.default({ kind: 'none' }),
    private_addresses: z.boolean().default(false),
  }),
  reply: z.object({
    type: z.literal('connector_test'),
    /** Why the server could not be used; null when it could. */
    error: z.string().nullable(),
    server: z.object({ name: z.string(), version: z.string() }).nullable(),
    tools: z.array(KnownTool),
  }),
});

/** What a custom role says of a connector, before the organisation’s ceiling. */
const ConnectorGrant = z.object({
  role: z.object({ id: z.string(), display_name: z.string() }),
  level: ToolLevel,
  tools: z.array(z.object({ name: z.string(), level: ToolLevel })),
});

export const listConnectorGrants = endpoint({
  method: 'GET',
  path: `${CONNECTOR}/grants`,
  permission: 'libraries:view',
  summary: 'What each custom role grants on a connector, by the role’s name',
  reply: z.object({ data: z.array(ConnectorGrant) }),
  errors: ['not_found'],
});

/** How a call ended. `open`: still running. `refused`: the policy did not permit it, and it was not passed on. */
const Outcome = z.enum([
  'open',
  'refused',
  'completed',
  'tool_error',
  'rpc_error',
  'failed',
  'detached',
  'client_left',
  'revoked',
  'interrupted',
]);
export type McpOutcome = z.output<typeof Outcome>;

/** A call of a connector’s server. What it said and what it was answered is not recorded. */
export const McpCall = z.object({
  id: z.string(),
  type: z.literal('mcp_call'),
  request_id: z.string(),
  created_at: z.string(),
  user: z.object({ id: z.string(), email: z.string(), name: z.string() }).nullable(),
  rbac_group: z.object({ id: z.string(), name: z.string() }).nullable(),
  api_key: z.object({ id: z.string(), name: z.string() }).nullable(),
  connector: z.object({ id: z.string(), slug: z.string(), name: z.string().nullable() }),
  method: z.enum(['initialize', 'tools/call', 'prompts/get', 'resources/read']),
  /** The tool or prompt. */
  name: z.string().nullable(),
  level: ToolLevel.nullable(),
  effect: z.enum(['allow', 'deny']),
  reason: z.string().nullable(),
  explanation: z.string().nullable(),
  outcome: Outcome,
  status: z.number().nullable(),
  client: z.string().nullable(),
  session: z.string().nullable(),
  policy_version: z.number(),
  request_bytes: z.number(),
  answer_bytes: z.number().nullable(),
  total_ms: z.number().nullable(),
});
export type McpCall = z.output<typeof McpCall>;

const filters = {
  connector_id: z.string().optional(),
  /** A tool or prompt by its name. */
  name: z.string().optional(),
  method: McpCall.shape.method.optional(),
  effect: z.enum(['allow', 'deny']).optional(),
  starting_at: z.iso.datetime({ offset: true }).optional(),
  ending_at: z.iso.datetime({ offset: true }).optional(),
  limit: pageLimit,
  /** Continue after this id, towards older calls. */
  after_id: z.string().optional(),
  before_id: z.string().optional(),
};

const McpCallPage = z.object({
  data: z.array(McpCall),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

export const listMcpCalls = endpoint({
  method: 'GET',
  path: '/v1/organizations/mcp_calls',
  permission: 'analytics:view',
  summary: 'Calls of connectors and what was decided about them, newest first',
  query: z.object({
    user_id: z.string().optional(),
    api_key_id: z.string().optional(),
    rbac_group_id: z.string().optional(),
    request_id: z.string().optional(),
    ...filters,
  }),
  reply: McpCallPage,
});

export const listMyMcpCalls = endpoint({
  method: 'GET',
  path: '/v1/me/mcp_calls',
  permission: 'self',
  summary: 'My calls of connectors, newest first',
  query: z.object(filters),
  reply: McpCallPage,
});

/** A connector that I may use, and how freely. */
export const MyConnector = z.object({
  type: z.literal('my_connector'),
  slug: z.string(),
  name: z.string(),
  /** Where clients reach it: this installation, never the server itself. */
  url: z.string(),
  /** For every tool that is not in `tools`. */
  level: ToolLevel,
  tools: z.array(z.object({ ...KnownTool.shape, level: ToolLevel })),
});
export type MyConnector = z.output<typeof MyConnector>;

export const listMyConnectors = endpoint({
  method: 'GET',
  path: '/v1/me/connectors',
  permission: 'self',
  summary: 'The connectors I may use, with their tools, by name',
  reply: z.object({ data: z.array(MyConnector) }),
});
