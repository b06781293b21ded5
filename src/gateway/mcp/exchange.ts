import type { IncomingMessage, ServerResponse } from 'node:http';
import { resolveCredential } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { ClientLeft } from '../read-body.ts';
import type { Admitted } from './admit.ts';
import type { McpDeps } from './deps.ts';
import type { OpenCalls } from './open-calls.ts';
import { relayJson, relayStatus, relayUntyped } from './relay-answer.ts';
import { relayEvents } from './relay-events.ts';
import { ruleOnTool } from './rule-on-tools.ts';
import type { ServerAnswer, ServerQuestion } from './server-connection.ts';
import type { McpOutcome } from './tables.ts';

/** A request to a server while it is being served. */
export type McpExchange = {
  readonly requestId: string;
  readonly startedAt: number;
  readonly startedTicks: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly admitted: Admitted;
  /** Aborts when nobody is to be answered any more, or the client is to hear why not. */
  readonly signal: AbortSignal;
  /** The id an error answers, as JSON; known once the body has been read. */
  errorId: string | null;
  /** What the body asks for, for the metrics. */
  method: string | null;
  open: OpenCalls | null;
  /** Says that it may go on for ever, and so ends with a shutdown at once. Throws where the caller has too many of those. */
  listen(): void;
};

/** How the calls of an exchange end that ends with this. */
export const outcomeOfThrown = (thrown: unknown): McpOutcome => {
  if (thrown instanceof ClientLeft) return 'client_left';
  if (!(thrown instanceof Refusal)) return 'failed';
  if (thrown.code === 'credential_revoked') return 'revoked';
  return thrown.code === 'shutting_down' ? 'interrupted' : 'failed';
};

const NOTHING_OPEN: OpenCalls = { answered: () => undefined, unanswered: () => [], endAll: () => undefined };

const typeOf = ({ headers }: ServerAnswer): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

const isPlain = ({ headers }: ServerAnswer): boolean =>
  headers['content-encoding'] === undefined || headers['content-encoding'] === 'identity';

/** Whether the caller may see a tool by the policy in force when it is asked, which may be newer than the exchange. */
const visibilityFor =
  ({ policy, now }: McpDeps, { caller, connector }: Admitted) =>
  (tool: string): boolean => {
    const snapshot = policy.current();
    const credential = snapshot.credentials.get(caller.credential.id);
    const resolved = credential && resolveCredential(snapshot, credential, now());
    const registered = snapshot.organisation.connectors.byId.get(connector.id);
    if (resolved === undefined || !('caller' in resolved) || registered === undefined) return false;
    return ruleOnTool(resolved.caller, registered, tool).reason === null;
  };

/** Sends a request on to the server and its answer back. Rejects with why where that did not come to its end. */
export const passOn = async (
  deps: McpDeps,
  exchange: McpExchange,
  { method, body }: Pick<ServerQuestion, 'method' | 'body'>,
): Promise<number> => {
  const { admitted, requestId, response, signal } = exchange;
  const connection = await deps.servers.connectionTo(admitted.connector, admitted.snapshot.organisation.connectors);
  const headers = body === null ? admitted.headers : [...admitted.headers, 'content-type', 'application/json'];
  const answer = await connection.ask({ method, headers, body }, signal);
  const relay = {
    requestId,
    response,
    admitted,
    answer,
    open: exchange.open ?? NOTHING_OPEN,
    sessions: deps.sessions,
    messageBytesMax: deps.messageBytesMax,
    isVisible: visibilityFor(deps, admitted),
    signal,
  };
  const type = typeOf(answer);
  if (type === 'text/event-stream' && answer.status === 200 && isPlain(answer)) await relayEvents(relay);
  else if (type === 'application/json' && isPlain(answer)) await relayJson(relay);
  else if (type === '' && answer.status < 400) await relayUntyped(relay);
  else relayStatus(relay);
  return answer.status;
};
