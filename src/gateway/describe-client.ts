import type { RequestHead } from './request-head.ts';

/** Who sent a request, as far as the client says: its product, and the session and agent within it. */
export type ClientFacts = Pick<RequestHead, 'client' | 'sessionId' | 'agentId' | 'parentAgentId'>;

const SESSION_IN_METADATA = /"session_id":"([^"\\]{1,120})"/;

/**
 * The headers Claude Code sends with every request say who it is. Where the session is missing, it is looked for in
 * `metadata.user_id`, which Claude Code fills with a JSON text of its own.
 */
export const clientOf = (head: RequestHead, metadataUserId: string | null): ClientFacts => ({
  client: head.client,
  sessionId:
    head.sessionId ?? (metadataUserId === null ? null : (SESSION_IN_METADATA.exec(metadataUserId)?.[1] ?? null)),
  agentId: head.agentId,
  parentAgentId: head.parentAgentId,
});
