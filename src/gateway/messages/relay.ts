import { Refusal } from '../../kernel/index.ts';
import { splitHeaderLines } from '../../platform/index.ts';
import type { RateTicket, UsageOutcome } from '../../spend/index.ts';
import type { Body } from '../body.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import type { ClientExchange, ClientListener } from '../front/client-exchange.ts';
import { refuseClient } from '../refuse.ts';
import { type RunningRequest, type StopReason, stopRefusal } from '../running.ts';
import type { AnswerHead } from '../upstream/answer-head.ts';
import type { AnswerListener, Incoming } from '../upstream/forward.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { breakOff } from './client-answer.ts';
import { storeRefusal } from './denial.ts';
import { type Answer, Reckoning, type Settlement } from './reckoning.ts';

export type RelayedRequest = {
  readonly decided: DecidedRequest;
  readonly exchange: ClientExchange;
  /** Headers of ours that go along with the answer, as lines. */
  readonly lines: string;
  /** What it took of rate limits. */
  readonly ticket: RateTicket;
  readonly startedTicks: number;
  readonly body: Body;
};

const NEWLINE = 0x0a;

/** A decision is on disk within milliseconds; what a provider sends in that time is not worth stopping it for. */
const EARLY_BYTES_MAX = 64 * 1024;

/**
 * Forwards a decided request and streams the answer back byte for byte while a meter reads along. The request goes out
 * at once; the answer waits until the decision is on disk, so that no byte reaches a client without its row. Whatever
 * happens (an end, an error, a client that leaves, a revoked key), the usage is recorded once.
 */
export const relay = (deps: GatewayDeps, relayed: RelayedRequest): void => {
  new Relay(deps, relayed);
};

/** One class rather than a dozen closures: every request makes one, and what it holds is what the heap holds. */
class Relay implements AnswerListener, ClientListener, RunningRequest {
  readonly requestId: string;
  readonly credential: RunningRequest['credential'];
  readonly #deps: GatewayDeps;
  readonly #relayed: RelayedRequest;
  readonly #client: ClientExchange;
  readonly #incoming: Incoming;
  readonly #reckoning: Reckoning;
  #answer: Answer | undefined;
  #firstByteMs: number | null = null;
  /** What stands against the answer before the decision is on disk; the client hears of it then. */
  #pending: { readonly outcome: UsageOutcome; readonly refusal: Refusal } | undefined;
  #isStored = false;
  #isOver = false;
  /** What has come of the answer before it can be passed on; beyond a little, the provider is asked to wait. */
  #earlyBytes = 0;
  #hasEndedEarly = false;
  #isMidLine = false;

  constructor(deps: GatewayDeps, relayed: RelayedRequest) {
    const { decided, exchange, body } = relayed;
    this.#deps = deps;
    this.#relayed = relayed;
    this.requestId = decided.id;
    this.credential = decided.caller.credential;
    this.#client = exchange;
    this.#reckoning = new Reckoning(deps, relayed, this);
    exchange.listen(this);
    deps.running.add(this);
    deps.recorder.decided(decided, (error) => this.#onStored(error));
    this.#incoming = deps.forward({ head: exchange.forwarded, body }, this);
  }

  start(upstream: Upstream, head: AnswerHead): void {
    this.#answer = { upstream, head };
    // No other provider will be asked, and a long stream should not hold a long prompt.
    this.#incoming.release();
    this.#reckoning.start(this.#answer);
    if (this.#isStored) this.#begin(this.#answer);
  }

  data(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#isMidLine = chunk[chunk.length - 1] !== NEWLINE;
    this.#reckoning.add(chunk);
    if (this.#isStored) this.#pass(chunk);
    else this.#hold(chunk);
  }

  #pass(chunk: Buffer): void {
    if (!this.#client.write(chunk)) this.#incoming.pause();
    this.#reckoning.goOnSoon();
  }

  /** Until the disk has answered, nothing is done that could wait: it would keep this process from hearing that. */
  #hold(chunk: Buffer): void {
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes > EARLY_BYTES_MAX) this.#incoming.pause();
  }

  end(): void {
    if (this.#isOver) return;
    if (this.#isStored) this.#finish();
    else this.#hasEndedEarly = true;
  }

  fail(refusal: Refusal): void {
    if (!this.#isOver) this.#giveUp('failed', refusal);
  }

  stop(reason: StopReason): void {
    if (this.#isOver) return;
    this.#incoming.abort();
    this.#giveUp(reason === 'revoked' ? 'revoked' : 'interrupted', stopRefusal(reason));
  }

  left(): void {
    if (this.#isOver) return;
    this.#incoming.abort();
    this.#settle('client_left', this.#client.hasBegun ? (this.#answer?.head.status ?? null) : null);
  }

  drained(): void {
    this.#incoming.resume();
  }

  #begin({ head: { status, passed } }: Answer): void {
    const { startedTicks, decided, lines, ticket } = this.#relayed;
    this.#firstByteMs = performance.now() - startedTicks;
    const all = `${passed.lines}${lines}${ticket.lines()}request-id: ${decided.id}\r\n`;
    this.#client.begin(status, { ...passed, lines: all });
  }

  #finish(): void {
    this.#client.end();
    const status = this.#answer?.head.status ?? null;
    this.#reckoning.endSoon(this.#conclude((status ?? 0) >= 400 ? 'failed' : 'completed', status));
  }

  /** The journal goes on whatever happens here, so a mistake of ours must not leave the client waiting. */
  #onStored(error?: Error): void {
    try {
      this.#proceed(error);
    } catch (thrown) {
      this.#incoming.abort();
      const failure = new Refusal('upstream_unreachable', 'The answer could not be passed on. Try again.', {
        internal: thrown,
      });
      if (!this.#isOver) this.#settle('failed', this.#answerWith(failure));
      else this.#client.cut();
    }
  }

  #proceed(error?: Error): void {
    this.#isStored = true;
    const { recorder, outage, now } = this.#deps;
    // The provider has the request already, so it has a price, and its row follows when the store is back.
    if (error !== undefined) recorder.decidedLate(this.#relayed.decided);
    else outage.wrote();
    if (this.#isOver) return;
    if (error !== undefined && !outage.mayGoOn(error, now())) {
      this.#incoming.abort();
      this.#settle('interrupted', this.#answerWith(storeRefusal(error)));
    } else if (this.#pending !== undefined) {
      this.#settle(this.#pending.outcome, this.#answerWith(this.#pending.refusal));
    } else if (this.#answer !== undefined) {
      this.#begin(this.#answer);
      this.#release();
    }
  }

  /** Passes on what had to wait for the disk. */
  #release(): void {
    let hasRoom = true;
    for (const chunk of this.#reckoning.unmetered) hasRoom = this.#client.write(chunk) && hasRoom;
    this.#reckoning.goOnSoon();
    if (this.#hasEndedEarly) this.#finish();
    else if (hasRoom) this.#incoming.resume();
  }

  #giveUp(outcome: UsageOutcome, refusal: Refusal): void {
    if (this.#isStored) this.#settle(outcome, this.#answerWith(refusal));
    else this.#pending ??= { outcome, refusal };
  }

  /** Refuses where nothing has been answered yet, breaks off where something has; answers the status the client saw. */
  #answerWith(refusal: Refusal): number | null {
    const { decided, lines } = this.#relayed;
    const requestId = decided.id;
    const exchange = this.#client;
    if (!exchange.hasBegun)
      return refuseClient({ exchange, requestId, log: this.#deps.log }, refusal, splitHeaderLines(lines));
    breakOff(exchange, this.#answer?.head.headers, { refusal, requestId, isMidLine: this.#isMidLine });
    return this.#answer?.head.status ?? null;
  }

  #settle(endedAs: UsageOutcome, status: number | null): void {
    this.#reckoning.end(this.#conclude(endedAs, status));
  }

  #conclude(endedAs: UsageOutcome, status: number | null): Settlement {
    this.#isOver = true;
    this.#incoming.release();
    const totalMs = performance.now() - this.#relayed.startedTicks;
    return { endedAs, status, endedAt: this.#deps.now(), firstByteMs: this.#firstByteMs, totalMs };
  }
}
