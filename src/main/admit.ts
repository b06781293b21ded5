import { type CompiledAllowList, refuseAddress } from '../directory/index.ts';
import type { ClientFacts } from '../platform/index.ts';

/**
 * Applies the allow-list of addresses to everything but the Messages API, which does so itself. Whoever presents a key
 * uses the API, whatever else the request says; everything else is the console's. Outside of the list are what holds no
 * data (the files of the console, `/openapi.json`) and what watches over the program (`/healthz`, `/readyz`, `/metrics`).
 */
export const admit = (
  list: CompiledAllowList,
  { address }: ClientFacts,
  { path, headers }: { readonly path: string; readonly headers: Headers },
): void => {
  if (list.covers.size === 0) return;
  const surface = surfaceOf(path, headers);
  if (surface !== undefined) refuseAddress(list, surface, address);
};

/** What programs of members ask for beside the Messages API: MCP servers, and what Claude Code wants of a gateway. */
const GATEWAY: readonly string[] = [
  '/mcp/',
  '/oauth/',
  '/managed/',
  '/api/oauth/',
  '/v1/metrics',
  '/v1/logs',
  '/v1/traces',
];

const surfaceOf = (path: string, headers: Headers): Parameters<typeof refuseAddress>[1] | undefined => {
  if (path.startsWith('/scim/')) return 'scim';
  if (GATEWAY.some((place) => path.startsWith(place))) return 'gateway';
  if (!path.startsWith('/v1/')) return undefined;
  return headers.has('x-api-key') || headers.has('authorization') ? 'api' : 'console';
};
