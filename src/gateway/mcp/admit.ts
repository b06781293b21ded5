import type { IncomingMessage } from 'node:http';
import type { Caller, Connector, Snapshot } from '../../access/index.ts';
import { refuseAddress } from '../../directory/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { recogniseKeys } from '../recognise.ts';
import { type RequestHead, readRequestHead } from '../request-head.ts';
import { connectionNames } from '../upstream/headers.ts';
import type { McpDeps } from './deps.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { ruleOnConnector } from './rule-on-tools.ts';
import type { SessionOwner } from './sessions.ts';

/** A request to a server whose caller is known and may use the connector. */
export type Admitted = {
  readonly head: RequestHead;
  readonly caller: Caller;
  readonly snapshot: Snapshot;
  readonly connector: Connector;
  /** Whose a session is that this request begins or goes on with. */
  readonly owner: SessionOwner;
  /** The server's own id of the session; null outside of one. */
  readonly serverSession: string | null;
  /** The session's id as the client knows it. */
  readonly clientSession: string | null;
  /** What goes on to the server, the session included. */
  readonly headers: readonly string[];
  /** Where it comes from; null when nobody knows. */
  readonly address: string | null;
  /** Why nothing of this connector is permitted; null when something is. */
  readonly denied: ReturnType<typeof ruleOnConnector>['reason'];
};

// Browsers name the page a request comes from. Requests of other pages than our own are refused, as MCP asks of servers:
// a page that got hold of a name for this host must not be able to use it.
const checkOrigin = (request: IncomingMessage, publicUrl: string): void => {
  const { origin } = request.headers;
  if (origin === undefined || origin === URL.parse(publicUrl)?.origin) return;
  throw new Refusal('permission_denied', 'Web pages of other origins may not use connectors.', {
    details: { error_code: 'mcp_origin_refused' },
  });
};

const sessionOf = (request: IncomingMessage): string | null => {
  const value = request.headers['mcp-session-id'];
  return value === undefined ? null : [value].flat().join(', ');
};

const noConnector = (slug: string): Refusal =>
  new Refusal('not_found', `There is no connector “${slug}” here. The console lists yours under “My connectors”.`, {
    details: { error_code: 'mcp_connector_not_found' },
  });

const noSession = (): Refusal =>
  new Refusal('not_found', 'Session not found: it has ended, or it belongs to somebody else. Begin a new one.', {
    details: { error_code: 'mcp_session_not_found' },
  });

/** Finds out who asks for which connector, in which session. Throws a Refusal where one of the three does not hold. */
export const admit = (deps: McpDeps, request: IncomingMessage, slug: string): Admitted => {
  const snapshot = deps.policy.current();
  const address = deps.addressOf(request);
  refuseAddress(snapshot.allowList, 'gateway', address);
  const head = readRequestHead(request.rawHeaders);
  const recognised = recogniseKeys(
    { keys: head.keys, workspaceId: head.workspaceId, socket: request.socket },
    snapshot,
    deps.now(),
  );
  if ('refusal' in recognised) throw recognised.refusal;
  checkOrigin(request, deps.publicUrl());
  const { caller } = recognised;
  const connector = snapshot.organisation.connectors.bySlug.get(slug);
  if (connector === undefined) throw noConnector(slug);
  const owner = { connectorId: connector.id, credential: caller.credential };
  const clientSession = sessionOf(request);
  const serverSession = clientSession === null ? null : (deps.sessions.unwrap(clientSession, owner) ?? null);
  if (clientSession !== null && serverSession === null) throw noSession();
  const headers = forwardedHeaders(request.rawHeaders, connectionNames(request.rawHeaders) ?? new Set());
  if (serverSession !== null) headers.push('mcp-session-id', serverSession);
  const denied = ruleOnConnector(caller, connector).reason;
  return { head, caller, snapshot, connector, owner, serverSession, clientSession, headers, denied, address };
};
