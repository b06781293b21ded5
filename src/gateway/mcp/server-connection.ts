import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { Refusal } from '../../kernel/index.ts';
import { checkLiteral, ForbiddenAddress, guardedLookup } from '../../platform/index.ts';
import type { Alerts } from '../upstream/alerts.ts';

/** An MCP server as Remit reaches it. */
export type ServerAddress = {
  readonly connectorId: string;
  /** How people call it, for sentences. */
  readonly name: string;
  readonly url: string;
  /** Headers that carry Remit's credential there, names and values alternating. */
  readonly credential: readonly string[];
  readonly allowsPrivate: boolean;
};

/** A request to a server. Headers alternate names and values. */
export type ServerQuestion = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: readonly string[];
  readonly body: Buffer | null;
};

/** The beginning of a server's answer; whoever gets it reads `body` to its end or destroys it. */
export type ServerAnswer = {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
};

/** The connections to one server. */
export type ServerConnection = {
  /**
   * Sends a request. Rejects with a Refusal where there is no answer that may be passed on, and with the signal's reason
   * once that aborts.
   */
  ask(question: ServerQuestion, signal: AbortSignal): Promise<ServerAnswer>;
  close(): void;
};

export type ServerTimes = { readonly connectMs: number; readonly answerMs: number };

const CREDENTIAL_ALERT = 'mcp_credential_rejected';

const TIMEOUTS: readonly string[] = ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'];

const isForbidden = (error: Error): ForbiddenAddress | undefined => {
  if (error instanceof ForbiddenAddress) return error;
  return error.cause instanceof ForbiddenAddress ? error.cause : undefined;
};

const forbidden = (name: string, error: ForbiddenAddress): Refusal =>
  new Refusal(
    'upstream_unreachable',
    error.reach === 'private'
      ? `“${name}” has a private address. Remit connects to those only where that is permitted on the connector.`
      : `“${name}” has an address that Remit never connects to. Correct it on the connector.`,
    { details: { error_code: 'mcp_address_forbidden' }, internal: error.message },
  );

/** The refusal for a server that gave no whole answer. */
export const serverFailure = (name: string, thrown: unknown): Refusal => {
  if (thrown instanceof Refusal) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const refused = isForbidden(error);
  if (refused !== undefined) return forbidden(name, refused);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return TIMEOUTS.includes(code)
    ? new Refusal('upstream_timeout', `The MCP server “${name}” did not answer in time. Try again.`, {
        internal: error,
      })
    : new Refusal(
        'upstream_unreachable',
        `The MCP server “${name}” cannot be reached, or broke off. Try again in a moment.`,
        {
          internal: error,
        },
      );
};

const unpassable = ({ connectorId, name }: ServerAddress, status: number, alerts: Alerts): Refusal | undefined => {
  if (status === 401 || status === 403) {
    alerts.raise(
      CREDENTIAL_ALERT,
      connectorId,
      `The MCP server “${name}” refuses Remit's credential (${status}). Its tools fail until the credential is renewed on the connector.`,
    );
    return new Refusal(
      'upstream_credential_rejected',
      `The MCP server “${name}” refused the credential that Remit uses there (${status}). This is not about your key: an administrator has to renew it on the connector.`,
    );
  }
  if (status >= 300 && status < 400)
    return new Refusal(
      'upstream_redirected',
      `The MCP server “${name}” answered with a redirect, which Remit does not follow.`,
    );
  if (status < 300) alerts.clear(CREDENTIAL_ALERT, connectorId);
  return undefined;
};

const flat = (headers: Dispatcher.ResponseData['headers']): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')]),
  );

/**
 * Opens the way to a server; no connection is made before the first request. Redirects are not followed, and only
 * addresses are connected to that are public, or private where the connector permits that.
 */
export const openServerConnection = (address: ServerAddress, times: ServerTimes, alerts: Alerts): ServerConnection => {
  const url = new URL(address.url);
  const { allowsPrivate, name } = address;
  const pool = new Pool(url.origin, {
    connections: null,
    pipelining: 1,
    headersTimeout: times.answerMs,
    // Streams of events are silent for as long as nothing happens.
    bodyTimeout: 0,
    connect: { timeout: times.connectMs, lookup: guardedLookup(allowsPrivate), keepAlive: true },
  });
  const path = url.pathname + url.search;
  return {
    ask: async ({ method, headers, body }, signal) => {
      signal.throwIfAborted();
      try {
        checkLiteral(url.hostname, allowsPrivate);
        const answer = await pool.request({
          method,
          path,
          headers: [...headers, 'accept-encoding', 'identity', ...address.credential],
          body,
          signal,
        });
        const refusal = unpassable(address, answer.statusCode, alerts);
        if (refusal === undefined)
          return { status: answer.statusCode, headers: flat(answer.headers), body: answer.body };
        answer.body.on('error', () => undefined).destroy();
        throw refusal;
      } catch (thrown) {
        signal.throwIfAborted();
        throw serverFailure(name, thrown);
      }
    },
    close: () => void pool.destroy().catch(() => undefined),
  };
};
