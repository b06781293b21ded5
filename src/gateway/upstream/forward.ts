import { Refusal } from '../../kernel/index.ts';
import type { Alerts } from './alerts.ts';
import type { Exchange, ExchangeError } from './connections.ts';
import type { Upstream } from './upstream.ts';

/** What goes to the provider; the credential, the host and the length are added per provider. */
export type Outgoing = {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** Names and values, alternating. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
};

/** Names in small letters and values, alternating. */
export type AnswerHeaders = readonly string[];

/** Hears of one answer, in this order: `start`, any number of `data`, then `end`; `fail` can come at any point instead. */
export type AnswerListener = {
  start(upstream: Upstream, status: number, headers: AnswerHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(error: Refusal): void;
};

/** Control over an answer that is coming in. */
export type Incoming = Exchange;

export type Forward = (outgoing: Outgoing, listener: AnswerListener) => Incoming;

const CREDENTIAL_ALERT = 'upstream_credential_rejected';

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

/** The refusal for a request that got no whole answer. */
export const failureOf = (error: ExchangeError, upstream: Upstream): Refusal => {
  const internal = { upstream: upstream.name, ...error };
  switch (error.kind) {
    case 'timeout':
      return new Refusal('upstream_timeout', 'The provider did not answer in time. Try again.', { internal });
    case 'unreachable':
      return new Refusal('upstream_unreachable', 'The provider cannot be reached. Try again in a moment.', {
        internal,
      });
    case 'broken':
      return new Refusal('upstream_unreachable', 'The provider broke the connection off. Try again in a moment.', {
        internal,
      });
    default: {
      const unexpected: never = error.kind;
      return unexpected;
    }
  }
};

/** An answer that must not be passed on, as the refusal to give instead; undefined for one that may. */
export const unpassableAnswer = (upstream: Upstream, status: number, alerts: Alerts): Refusal | undefined => {
  const internal = { upstream: upstream.name, status };
  if (status === 401 || status === 403) {
    alerts.raise(
      CREDENTIAL_ALERT,
      upstream.name,
      `The provider ${upstream.name} refuses Remit's credential (${status}). Requests fail until it is renewed.`,
    );
    return new Refusal(
      'upstream_credential_rejected',
      `The provider refused the credential that Remit uses there (${status}). This is not about your key: an administrator has to renew it.`,
      { internal },
    );
  }
  if (isRedirect(status))
    return new Refusal('upstream_redirected', 'The provider answered with a redirect, which Remit does not follow.', {
      internal,
    });
  if (status < 300) alerts.clear(CREDENTIAL_ALERT, upstream.name);
  return undefined;
};

const headOf = ({ method, path, headers }: Outgoing, { basePath, host, credentialHeader }: Upstream): string => {
  let head = `${method} ${basePath}${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  if (credentialHeader !== null) head += `${credentialHeader[0]}: ${credentialHeader[1]}\r\n`;
  for (let i = 0; i < headers.length; i += 2) head += `${headers[i]}: ${headers[i + 1]}\r\n`;
  return head;
};

/**
 * Sends requests to the providers in their order. The next one is asked when a provider cannot be reached, breaks off
 * or answers 5xx or 529, always before the first byte of the answer; the last one's answer stands whatever it is.
 */
export const createForward =
  (upstreams: readonly Upstream[], alerts: Alerts): Forward =>
  (outgoing, listener) => {
    let exchange: Exchange | undefined;
    let isPaused = false;
    let isOver = false;

    const attempt = (index: number): void => {
      const upstream = upstreams[index];
      if (upstream === undefined) return;
      const hasNext = index + 1 < upstreams.length;
      let hasStarted = false;
      const askNext = (): void => {
        exchange?.abort();
        attempt(index + 1);
      };
      exchange = upstream.connections.send(headOf(outgoing, upstream), outgoing.body, {
        head: (status, headers) => {
          if (hasNext && status >= 500) return askNext();
          const refusal = unpassableAnswer(upstream, status, alerts);
          if (refusal !== undefined) {
            exchange?.abort();
            listener.fail(refusal);
            return;
          }
          hasStarted = true;
          listener.start(upstream, status, headers);
          if (isPaused) exchange?.pause();
        },
        data: listener.data,
        end: listener.end,
        fail: (error) => {
          if (hasNext && !hasStarted && !isOver) attempt(index + 1);
          else listener.fail(failureOf(error, upstream));
        },
      });
    };

    attempt(0);
    return {
      pause: () => {
        isPaused = true;
        exchange?.pause();
      },
      resume: () => {
        isPaused = false;
        exchange?.resume();
      },
      abort: () => {
        isOver = true;
        exchange?.abort();
      },
    };
  };
