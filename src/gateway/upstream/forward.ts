import { Refusal } from '../../kernel/index.ts';
import type { Body } from '../body.ts';
import type { Alerts } from './alerts.ts';
import type { AnswerHead } from './answer-head.ts';
import type { ForwardedHead } from './forwarded-head.ts';
import type { Exchange, ExchangeError, ExchangeListener } from './sent-request.ts';
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

/** Hears of one answer, in this order: `start`, any number of `data`, then `end`; `fail` can come at any point instead. */
export type AnswerListener = {
  start(upstream: Upstream, head: AnswerHead): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(error: Refusal): void;
};

/** Control over an answer that is coming in. */
export type Incoming = Exchange;

/** What goes to the provider on the hot path. */
export type Forwarded = { readonly head: ForwardedHead; readonly body: Body };

export type Forward = (outgoing: Forwarded, listener: AnswerListener) => Incoming;

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

type Providers = { readonly upstreams: readonly Upstream[]; readonly alerts: Alerts };

/** One request on its way through the providers. */
class Forwarding implements Incoming, ExchangeListener {
  readonly #providers: Providers;
  readonly #outgoing: Forwarded;
  readonly #listener: AnswerListener;
  #index = 0;
  #exchange: Exchange | undefined;
  #hasStarted = false;
  #isPaused = false;
  #isOver = false;

  constructor(providers: Providers, outgoing: Forwarded, listener: AnswerListener) {
    this.#providers = providers;
    this.#outgoing = outgoing;
    this.#listener = listener;
    this.#ask();
  }

  head(head: AnswerHead): void {
    const { status } = head;
    if (status >= 500 && this.#hasNext()) {
      this.#exchange?.abort();
      this.#askNext();
      return;
    }
    const upstream = this.#upstream();
    const refusal = unpassableAnswer(upstream, status, this.#providers.alerts);
    if (refusal !== undefined) {
      this.#exchange?.abort();
      this.#listener.fail(refusal);
      return;
    }
    this.#hasStarted = true;
    this.#listener.start(upstream, head);
    if (this.#isPaused) this.#exchange?.pause();
  }

  data(chunk: Buffer): void {
    this.#listener.data(chunk);
  }

  end(): void {
    this.#listener.end();
  }

  fail(error: ExchangeError): void {
    if (this.#hasNext() && !this.#hasStarted && !this.#isOver) this.#askNext();
    else this.#listener.fail(failureOf(error, this.#upstream()));
  }

  pause(): void {
    this.#isPaused = true;
    this.#exchange?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#exchange?.resume();
  }

  abort(): void {
    this.#isOver = true;
    this.#exchange?.abort();
  }

  release(): void {
    this.#exchange?.release();
  }

  #hasNext(): boolean {
    return this.#index + 1 < this.#providers.upstreams.length;
  }

  #upstream(): Upstream {
    const upstream = this.#providers.upstreams[this.#index];
    if (upstream === undefined) throw new RangeError('There is no provider to forward to');
    return upstream;
  }

  #askNext(): void {
    this.#index += 1;
    this.#ask();
  }

  #ask(): void {
    const upstream = this.#upstream();
    const { head, body } = this.#outgoing;
    this.#exchange = upstream.connections.send({ head: head.textFor(upstream), body }, this);
  }
}

/**
 * Sends requests to the providers in their order. The next one is asked when a provider cannot be reached, breaks off
 * or answers 5xx or 529, always before the first byte of the answer; the last one's answer stands whatever it is.
 */
export const createForward = (upstreams: readonly Upstream[], alerts: Alerts): Forward => {
  const providers = { upstreams, alerts };
  return (outgoing, listener) => new Forwarding(providers, outgoing, listener);
};
