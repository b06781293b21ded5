import { Pool } from 'undici';
import { headerLines } from '../../platform/index.ts';
import { type Connections, openConnections } from './connections.ts';

/** A provider requests can go to. `key` null: requests are forwarded without a credential of ours. */
export type UpstreamAddress = {
  readonly name: string;
  /** Base URL without `/v1` and without a slash at its end. */
  readonly url: string;
  readonly key: string | null;
  readonly simulated: boolean;
};

export type Upstream = UpstreamAddress & {
  /** For everything but the hot path. */
  readonly pool: Pool;
  readonly connections: Connections;
  readonly host: string;
  /** What of the base URL is path, put before every request's own. */
  readonly basePath: string;
  /** The header our credential goes out in. */
  readonly credentialHeader: readonly [name: string, value: string] | null;
  /** Host and credential as lines: they stand in every request. */
  readonly ownLines: string;
};

export type UpstreamTimes = { readonly answerMs: number; readonly silenceMs: number };

const CONNECT_MS = 10_000;

// OAuth tokens work as bearers only; API keys work in either header (organisation APIs §0.2).
const credentialHeaderOf = (key: string): readonly [string, string] =>
  key.startsWith('sk-ant-oat') ? ['authorization', `Bearer ${key}`] : ['x-api-key', key];

/** Makes a provider ready to be used; no connection is made before the first request. */
export const openUpstream = (address: UpstreamAddress, times: UpstreamTimes): Upstream => {
  const url = new URL(address.url);
  const { origin, pathname, host } = url;
  const credentialHeader = address.key === null ? null : credentialHeaderOf(address.key);
  return {
    ...address,
    host,
    connections: openConnections(url, { connectMs: CONNECT_MS, ...times }),
    pool: new Pool(origin, {
      connections: null,
      pipelining: 1,
      headersTimeout: times.answerMs,
      bodyTimeout: times.silenceMs,
      connect: { timeout: CONNECT_MS },
    }),
    basePath: pathname === '/' ? '' : pathname,
    credentialHeader,
    ownLines: headerLines(['host', host, ...(credentialHeader ?? [])]),
  };
};
