import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../kernel/index.ts';
import type { ErrorEnvelope } from '../../platform/index.ts';
import { ClientLeft } from '../read-body.ts';
import { refuse } from '../refuse.ts';
import { type RunningRequest, stopRefusal } from '../running.ts';
import { type Admitted, admit } from './admit.ts';
import type { McpDeps } from './deps.ts';
import { type McpExchange, outcomeOfThrown, passOn } from './exchange.ts';
import { toRpcError } from './json-rpc.ts';
import { postMessages } from './post-messages.ts';
import { denialOf, ruleOnConnector } from './rule-on-tools.ts';
import { LIST_CHANGED, tellOfChanges } from './tell-of-changes.ts';

/** Serves a request to `/mcp/{slug}`. */
export type ServeMcp = (request: IncomingMessage, response: ServerResponse, slug: string) => Promise<void>;

type Method = (deps: McpDeps, exchange: McpExchange) => Promise<void>;

const refuseDenied = ({ denied, connector }: Admitted): void => {
  if (denied !== null) throw denialOf(denied, connector, null);
};

/** GET: the stream on which a server speaks unasked, or goes on with what broke off (`Last-Event-ID`). */
const listen: Method = async (deps, exchange) => {
  refuseDenied(exchange.admitted);
  exchange.listen();
  const stopTelling = tellOfChanges(deps, exchange, LIST_CHANGED);
  try {
    await passOn(deps, exchange, { method: 'GET', body: null });
  } finally {
    stopTelling();
  }
};

/** DELETE: the client is done with its session. */
const endSession: Method = async (deps, exchange) => {
  const { serverSession, owner } = exchange.admitted;
  refuseDenied(exchange.admitted);
  const status = await passOn(deps, exchange, { method: 'DELETE', body: null });
  if (serverSession !== null && (status < 300 || status === 404)) deps.sessions.forget(serverSession, owner);
};

const METHODS: ReadonlyMap<string, Method> = new Map([
  ['POST', postMessages],
  ['GET', listen],
  ['DELETE', endSession],
]);

/** The entry among the requests that run: it ends when the key, the connector or the right to use it is gone. */
const runningOf = (
  { caller, connector, address }: Admitted,
  over: AbortController,
): RunningRequest & { isListening: boolean } => ({
  credential: caller.credential,
  isListening: false,
  mayGoOn: (now, { organisation, allowList }) => {
    if (allowList.covers.has('gateway') && !allowList.allows(address)) return false;
    const registered = organisation.connectors.byId.get(connector.id);
    return registered?.url === connector.url && ruleOnConnector(now, registered).reason === null;
  },
  stop: (reason) => over.abort(stopRefusal(reason)),
});

/**
 * The life of a request to an MCP server: recognise the caller as for models, find the connector and the session, judge
 * every message, write the decision down, pass the bytes on, and the answer back without the tools the caller may not see.
 */
export const createServeMcp =
  (deps: McpDeps): ServeMcp =>
  async (request, response, slug) => {
    const requestId = deps.newId('request');
    const over = new AbortController();
    response.once('close', () => over.abort(new ClientLeft()));
    let exchange: McpExchange | undefined;
    let running: ReturnType<typeof runningOf> | undefined;
    let leave: (() => void) | undefined;
    try {
      const serve = METHODS.get(request.method ?? '');
      if (serve === undefined) {
        response.writeHead(405, ['allow', 'POST, GET, DELETE', 'content-length', '0', 'request-id', requestId]).end();
        return;
      }
      const admitted = admit(deps, request, slug);
      const entered = runningOf(admitted, over);
      running = entered;
      exchange = {
        requestId,
        startedAt: deps.now(),
        startedTicks: performance.now(),
        request,
        response,
        admitted,
        signal: over.signal,
        errorId: null,
        method: request.method === 'POST' ? null : (request.method ?? null),
        open: null,
        listen: () => {
          entered.isListening = true;
          leave ??= deps.streams.enter(admitted.caller);
        },
      };
      deps.running.add(entered);
      await serve(deps, exchange);
    } catch (thrown) {
      const toBody = (error: ErrorEnvelope, cause: unknown) => toRpcError(error, cause, exchange?.errorId ?? null);
      const isTold = thrown instanceof ClientLeft || response.headersSent;
      if (!isTold) refuse({ request, response, requestId, log: deps.log, toBody }, thrown);
      else if (!(thrown instanceof ClientLeft || thrown instanceof Refusal))
        deps.log.error({ requestId, err: thrown }, 'an MCP exchange failed in a way nobody planned');
      exchange?.open?.endAll(outcomeOfThrown(thrown), response.headersSent ? response.statusCode : null);
    } finally {
      leave?.();
      if (running !== undefined) deps.running.remove(running);
      deps.metrics.answered(exchange?.method ?? null, response.headersSent ? response.statusCode : 499);
    }
  };
