import type { Dispatcher } from 'undici';
import { Refusal } from '../../kernel/index.ts';
import type { Alerts } from './alerts.ts';
import type { Upstream } from './upstream.ts';

/** What goes to the provider; the credential and the host are added per provider. */
export type Outgoing = {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly headers: readonly string[];
  readonly body: Buffer | null;
};

export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Hears of one answer, in this order: `start`, any number of `data`, then `end`; `fail` can come at any point instead. */
export type AnswerListener = {
  start(upstream: Upstream, status: number, headers: AnswerHeaders): void;
  data(chunk: Buffer): void;
  end(): void;
  /** `started` tells whether `start` was called before. */
  fail(error: Refusal, started: boolean): void;
};

/** Control over an answer that is coming in. */
export type Incoming = {
  pause(): void;
  resume(): void;
  abort(): void;
};

export type Forward = (outgoing: Outgoing, listener: AnswerListener) => Incoming;

const CREDENTIAL_ALERT = 'upstream_credential_rejected';

/** A status after which the next provider is asked, as long as nothing of the answer has been passed on. */
const isFailure = (status: number): boolean => status >= 500;

const isRedirect = (status: number): boolean => status >= 300 && status < 400 && status !== 304;

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

const ABORTED = new Error('the exchange is over');

const failureOf = (error: Error, upstream: Upstream): Refusal => {
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT')
    return new Refusal('upstream_timeout', 'The provider did not answer in time. Try again.', { internal: error });
  return new Refusal(
    'upstream_unreachable',
    'The provider could not be reached, or broke the connection off. Try again in a moment.',
    { internal: { upstream: upstream.name, error } },
  );
};

const credentialRefusal = (upstream: Upstream, status: number): Refusal =>
  new Refusal(
    'upstream_credential_rejected',
    `The provider refused the credential that Remit uses there (${status}). This is not about your key: an administrator has to renew it.`,
    { internal: { upstream: upstream.name, status } },
  );

const redirectRefusal = (upstream: Upstream, status: number): Refusal =>
  new Refusal('upstream_redirected', 'The provider answered with a redirect, which Remit does not follow.', {
    internal: { upstream: upstream.name, status },
  });

/**
 * Sends requests to the providers in their order. The next one is asked when a provider cannot be reached or answers
 * 5xx or 529, always before the first byte of the answer; the last one's answer stands whatever it is. A 401 or 403 of
 * the provider is about our credential and becomes a refusal with an alert; redirects are neither followed nor passed on.
 */
export const createForward =
  (upstreams: readonly Upstream[], alerts: Alerts): Forward =>
  (outgoing, listener) => {
    let controller: Dispatcher.DispatchController | undefined;
    let isAborted = false;
    let isPaused = false;

    const attempt = (index: number): void => {
      const upstream = upstreams[index];
      if (upstream === undefined) return;
      const hasNext = index + 1 < upstreams.length;
      let hasStarted = false;
      let isOver = false;

      // What still comes of this attempt is nobody's any more.
      const leave = (): void => {
        isOver = true;
        controller?.abort(ABORTED);
      };
      const fail = (refusal: Refusal): void => {
        if (isOver) return;
        isOver = true;
        if (hasNext && !hasStarted && !isAborted) attempt(index + 1);
        else if (!isAborted) listener.fail(refusal, hasStarted);
      };
      const refuse = (refusal: Refusal): void => {
        leave();
        if (!isAborted) listener.fail(refusal, false);
      };

      upstream.pool.dispatch(
        {
          method: outgoing.method as Dispatcher.HttpMethod,
          path: upstream.basePath + outgoing.path,
          headers: withCredential(outgoing.headers, upstream),
          body: outgoing.body,
        },
        {
          onRequestStart: (started) => {
            controller = started;
            if (isAborted) started.abort(ABORTED);
          },
          onResponseStart: (_, status, headers) => {
            if (status < 200 || isOver) return;
            if (hasNext && isFailure(status)) {
              leave();
              attempt(index + 1);
              return;
            }
            if (status === 401 || status === 403) {
              const refusal = credentialRefusal(upstream, status);
              alerts.raise(
                CREDENTIAL_ALERT,
                upstream.name,
                `The provider ${upstream.name} refuses Remit's credential (${status}). Requests fail until it is renewed.`,
              );
              refuse(refusal);
              return;
            }
            if (isRedirect(status)) {
              refuse(redirectRefusal(upstream, status));
              return;
            }
            if (status < 300) alerts.clear(CREDENTIAL_ALERT, upstream.name);
            hasStarted = true;
            listener.start(upstream, status, headers);
            if (isPaused) controller?.pause();
          },
          onResponseData: (_, chunk) => {
            if (!isOver) listener.data(chunk);
          },
          onResponseEnd: () => {
            if (isOver) return;
            isOver = true;
            listener.end();
          },
          onResponseError: (_, error) => fail(failureOf(error, upstream)),
        },
      );
    };

    attempt(0);
    return {
      pause: () => {
        isPaused = true;
        controller?.pause();
      },
      resume: () => {
        isPaused = false;
        controller?.resume();
      },
      abort: () => {
        isAborted = true;
        controller?.abort(ABORTED);
      },
    };
  };

const withCredential = (headers: readonly string[], { credentialHeader }: Upstream): string[] =>
  credentialHeader === null ? [...headers] : [...headers, ...credentialHeader];
