import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseAddress } from '../directory/index.ts';
import type { OpenBatches } from './batches/open-batches.ts';
import type { GatewayDeps } from './deps.ts';
import { NodeExchange } from './front/node-exchange.ts';
import { createServeModels } from './list-models.ts';
import type { McpGateway } from './mcp/open-mcp.ts';
import { refuse } from './refuse.ts';
import { DRAINING_HEADERS, drainingRefusal, type ServeClient } from './serve-client.ts';
import { createFindObjectOperation } from './serve-objects.ts';

/** Answers a request if it is one of the gateway's; tells whether it was. */
export type HandleRequest = (request: IncomingMessage, response: ServerResponse) => boolean;

const pathOf = (url: string): string => {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
};

/** The Messages API's own endpoints and those of MCP servers: the hot path goes by plain comparison of paths. */
export const createHandleRequest = (
  deps: GatewayDeps,
  parts: { readonly openBatches: OpenBatches; readonly mcp: McpGateway; readonly serveClient: ServeClient },
  isDraining: () => boolean,
): HandleRequest => {
  const { openBatches, mcp, serveClient } = parts;
  const serveModels = createServeModels(deps);
  const findObjectOperation = createFindObjectOperation(deps, openBatches);

  const refuseDraining = (request: IncomingMessage, response: ServerResponse): void => {
    const requestId = deps.newId('request');
    refuse({ request, response, requestId, log: deps.log }, drainingRefusal(), DRAINING_HEADERS);
  };

  /** Answers a request that may not come from where it comes; tells whether it did. */
  const turnAway = (request: IncomingMessage, response: ServerResponse): boolean => {
    const { allowList } = deps.policy.current();
    if (!allowList.covers.has('gateway')) return false;
    try {
      refuseAddress(allowList, 'gateway', deps.addressOf(request));
      return false;
    } catch (refused) {
      refuse({ request, response, requestId: deps.newId('request'), log: deps.log }, refused);
      return true;
    }
  };

  return (request, response) => {
    const path = pathOf(request.url ?? '/');
    const { method } = request;
    if (method === 'POST' && (path === '/v1/messages' || path === '/v1/messages/count_tokens')) {
      serveClient(new NodeExchange(request, response));
      return true;
    }
    if (method === 'GET' && (path === '/v1/models' || path.startsWith('/v1/models/'))) {
      if (turnAway(request, response)) return true;
      serveModels({ request, response }, new URL(request.url ?? '/', 'http://remit'));
      return true;
    }
    if (path.startsWith('/v1/messages/batches') || path.startsWith('/v1/files')) {
      const serveObject = findObjectOperation(method ?? '', path);
      if (serveObject === undefined) return false;
      if (turnAway(request, response)) return true;
      if (isDraining()) refuseDraining(request, response);
      else serveObject(request, response);
      return true;
    }
    if (path.startsWith('/mcp/')) {
      if (isDraining()) mcp.refuseDraining(request, response);
      else mcp.serve(request, response, path.slice('/mcp/'.length));
      return true;
    }
    // Where clients of MCP look for a sign-in when they were given no key (MCP 2025-03-26, fallbacks).
    if (method === 'POST' && path === '/register') {
      mcp.refuseRegistration(response);
      return true;
    }
    // Claude Code looks whether somebody is there before it sends anything.
    if (method === 'HEAD' && (path === '/api/hello' || path === '/')) {
      response.writeHead(200, { 'content-length': '0' }).end();
      return true;
    }
    return false;
  };
};
