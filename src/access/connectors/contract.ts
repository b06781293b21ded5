import { z } from 'zod';
import { TOOL_LEVELS } from '../../kernel/index.ts';
import { endpoint } from '../../platform/contract.ts';

/** How freely a tool may be used: at once, after a person agrees, or not at all. */
export const ToolLevel = z.enum(TOOL_LEVELS);

const toolName = z.string().min(1).max(128);

/** A registered MCP server. `level` holds for every tool that `tools` does not name. */
export const Connector = z.object({
  id: z.string(),
  type: z.literal('connector'),
  slug: z.string(),
  name: z.string(),
  url: z.string(),
  level: ToolLevel,
  tools: z.array(z.object({ name: z.string(), level: ToolLevel })),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Connector = z.output<typeof Connector>;

/** What of `mcp_servers` in a request may name a server that is not registered. */
export const ConnectorSettings = z.object({
  /** Who may have the provider reach an unregistered server: nobody, everybody but Custom members and service keys, everybody. */
  unlisted_servers: z.enum(['refuse', 'refuse_for_custom', 'allow']),
});
export type ConnectorSettings = z.output<typeof ConnectorSettings>;

const fields = {
  name: z.string().trim().min(1).max(255),
  // Two underscores end a server's name in the name of a tool, and clients spell `_` for what they do not allow.
  slug: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use small letters, digits and single hyphens')
    .max(64),
  url: z.url({ protocol: /^https?$/ }).max(2048),
};

const ROOT = '/v1/organizations/connectors';

export const listConnectors = endpoint({
  method: 'GET',
  path: ROOT,
  permission: 'libraries:view',
  summary: 'Every registered MCP server with the organisation’s word on its tools, by name',
  reply: z.object({ data: z.array(Connector) }),
});

export const createConnector = endpoint({
  method: 'POST',
  path: ROOT,
  permission: 'libraries:manage',
  summary: 'Register an MCP server; `level` is the most that any role can grant on its tools',
  records: ['mcp_server_created'],
  body: z.strictObject({ ...fields, level: ToolLevel.default('always') }),
  reply: Connector,
  errors: ['conflict', 'invalid_request'],
});

export const getConnector = endpoint({
  method: 'GET',
  path: `${ROOT}/:connector_id`,
  permission: 'libraries:view',
  summary: 'Show a connector',
  reply: Connector,
  errors: ['not_found'],
});

export const updateConnector = endpoint({
  method: 'POST',
  path: `${ROOT}/:connector_id`,
  permission: 'libraries:manage',
  summary: 'Change a connector or the organisation’s word on its tools; a tool’s level of null takes its row away',
  records: ['mcp_server_updated', 'mcp_tool_policy_updated'],
  body: z.strictObject({
    name: fields.name.optional(),
    slug: fields.slug.optional(),
    url: fields.url.optional(),
    level: ToolLevel.optional(),
    tools: z
      .array(z.strictObject({ name: toolName, level: ToolLevel.nullable() }))
      .max(1000)
      .optional(),
  }),
  reply: Connector,
  errors: ['not_found', 'conflict', 'invalid_request'],
});

export const deleteConnector = endpoint({
  method: 'DELETE',
  path: `${ROOT}/:connector_id`,
  permission: 'libraries:manage',
  summary: 'Delete a connector; what custom roles grant on it goes with it',
  records: ['mcp_server_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('connector_deleted') }),
  errors: ['not_found'],
});

export const getConnectorSettings = endpoint({
  method: 'GET',
  path: '/v1/organizations/connector_settings',
  permission: 'libraries:view',
  summary: 'What happens to MCP servers that are not registered',
  reply: ConnectorSettings,
});

export const setConnectorSettings = endpoint({
  method: 'POST',
  path: '/v1/organizations/connector_settings',
  permission: 'libraries:manage',
  summary: 'Decide who may have the provider reach MCP servers that are not registered',
  records: ['claude_organization_settings_updated'],
  body: ConnectorSettings.strict(),
  reply: ConnectorSettings,
});
