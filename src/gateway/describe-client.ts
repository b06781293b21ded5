import type { IncomingMessage } from 'node:http';

/** Who sent a request, as far as the client says: its product, and the session and agent within it. */
export type ClientFacts = {
  readonly client: string | null;
  readonly sessionId: string | null;
  readonly agentId: string | null;
  readonly parentAgentId: string | null;
};

const CLIENT_CHARS_MAX = 120;

const one = (value: string | string[] | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, CLIENT_CHARS_MAX) : null;

const SESSION_IN_METADATA = /"session_id":"([^"\\]{1,120})"/;

/**
 * Reads the headers Claude Code sends with every request. Where they are missing, the session is looked for in
 * `metadata.user_id`, which Claude Code fills with a JSON text of its own.
 */
export const describeClient = ({ headers }: IncomingMessage, metadataUserId: string | null): ClientFacts => ({
  client: one(headers['user-agent']),
  sessionId:
    one(headers['x-claude-code-session-id']) ??
    (metadataUserId === null ? null : (SESSION_IN_METADATA.exec(metadataUserId)?.[1] ?? null)),
  agentId: one(headers['x-claude-code-agent-id']),
  parentAgentId: one(headers['x-claude-code-parent-agent-id']),
});
