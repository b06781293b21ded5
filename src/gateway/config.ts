import { z } from 'zod';
import { section } from '../platform/index.ts';

const url = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    'must be a URL that starts with http:// or https://',
  )
  .transform((text) => text.replace(/\/+$/, '').replace(/\/v1$/, ''));

const seconds = (fallback: number) => z.coerce.number().int().min(1).max(86_400).default(fallback);

export const gatewayConfig = section('Gateway', {
  upstream_url: {
    schema: url.optional(),
    env: 'REMIT_UPSTREAM_URL',
    help: 'Base URL of the provider, without `/v1`. Default with a key: `https://api.anthropic.com`.',
  },
  upstream_key: {
    schema: z.string().min(1).optional(),
    env: 'REMIT_UPSTREAM_KEY',
    secret: true,
    help: 'The key Remit uses there. `ANTHROPIC_API_KEY` is used when this is not set.',
  },
  upstreams: {
    schema: z
      .array(z.strictObject({ name: z.string().min(1), url, key: z.string().min(1).optional() }))
      .max(16)
      .optional(),
    help: 'Several providers `{name, url, key}`, tried in this order: the next one serves when the one before cannot be reached or answers 5xx or 529 before its first byte. In the file only; instead of the two keys above.',
  },
  upstream_answer_seconds: {
    schema: seconds(600),
    env: 'REMIT_UPSTREAM_ANSWER_SECONDS',
    help: 'How long the provider may take until its first byte; then the client gets a 504.',
  },
  upstream_silence_seconds: {
    schema: seconds(300),
    env: 'REMIT_UPSTREAM_SILENCE_SECONDS',
    help: 'How long a running answer may be silent before it is given up.',
  },
  body_megabytes_max: {
    schema: z.coerce.number().int().min(1).max(1024).default(32),
    env: 'REMIT_BODY_MEGABYTES_MAX',
    help: 'Largest request body of the Messages API; beyond it the client gets a 413.',
  },
  batch_megabytes_max: {
    schema: z.coerce.number().int().min(1).max(1024).default(256),
    env: 'REMIT_BATCH_MEGABYTES_MAX',
    help: 'Largest body of a new message batch. It is held in memory while it is decided and sent.',
  },
  mcp_megabytes_max: {
    schema: z.coerce.number().int().min(1).max(256).default(16),
    env: 'REMIT_MCP_MEGABYTES_MAX',
    help: 'Largest single message to or from an MCP server. A message is held in memory until it has been judged; a stream of them may be of any length.',
  },
  mcp_answer_seconds: {
    schema: seconds(300),
    env: 'REMIT_MCP_ANSWER_SECONDS',
    help: 'How long an MCP server may take until its first byte; then the client gets a 504.',
  },
  mcp_session_hours: {
    schema: z.coerce.number().int().min(1).max(8760).default(24),
    env: 'REMIT_MCP_SESSION_HOURS',
    help: 'How old a session with an MCP server may get. Clients begin a new one by themselves.',
  },
  mcp_streams_max: {
    schema: z.coerce.number().int().min(1).max(100_000).default(200),
    env: 'REMIT_MCP_STREAMS_MAX',
    help: 'How many streams to connectors one member may hold open at a node; clients open one per connector and window. Beyond it they get a 429.',
  },
  mcp_calls_kept_days: {
    schema: z.coerce.number().int().min(1).max(36_500).default(2192),
    env: 'REMIT_MCP_CALLS_KEPT_DAYS',
    help: 'How long the records of calls to MCP servers are kept. Default: six years, as the activity feed.',
  },
  mcp_private_addresses: {
    schema: z.enum(['by_connector', 'never']).default('by_connector'),
    env: 'REMIT_MCP_PRIVATE_ADDRESSES',
    help: 'Whether administrators may permit private addresses on a connector (`by_connector`), or no connector reaches them (`never`).',
  },
  file_megabytes_max: {
    schema: z.coerce.number().int().min(1).max(10_240).default(500),
    env: 'REMIT_FILE_MEGABYTES_MAX',
    help: 'Largest upload of a file. Uploads stream through and are not held in memory.',
  },
});
