import { Refusal } from '../../kernel/index.ts';
import { behindTurn, splitHeaderLines } from '../../platform/index.ts';
import { FREE_TICKET, NOTHING_METERED, type RateTicket, statesUsage, type UsageOutcome } from '../../spend/index.ts';
import type { Body } from '../body.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import type { ClientExchange, ClientListener } from '../front/client-exchange.ts';
import { type AnswerMeter, createAnswerMeter } from '../meter/answer-meter.ts';
import { meteredRate, usedRate } from '../rates/take-rate.ts';
import { refuseClient } from '../refuse.ts';
import { type RunningRequest, type StopReason, stopRefusal } from '../running.ts';
import type { AnswerHead } from '../upstream/answer-head.ts';
import type { AnswerListener, Incoming } from '../upstream/forward.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { breakOff, headerText, isEventStream } from './client-answer.ts';
import { storeRefusal } from './denial.ts';

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

type Answer = { readonly upstream: Upstream; readonly head: AnswerHead };

type Settlement = {
  readonly endedAs: UsageOutcome;
  readonly status: number | null;
  readonly endedAt: number;
  readonly totalMs: number;
};

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
  #answer: Answer | undefined;
  #meter: AnswerMeter | undefined;
  #firstByteMs: number | null = null;
  /** What stands against the answer before the decision is on disk; the client hears of it then. */
  #pending: { readonly outcome: UsageOutcome; readonly refusal: Refusal } | undefined;
  #isStored = false;
  #isOver = false;
  /** What has come of the answer before it can be passed on; beyond a little, the provider is asked to wait. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  #hasEndedEarly = false;
  #isMidLine = false;
  #isInputCounted = false;

  constructor(deps: GatewayDeps, relayed: RelayedRequest) {
    const { decided, exchange, body } = relayed;
    this.#deps = deps;
    this.#relayed = relayed;
    this.requestId = decided.id;
    this.credential = decided.caller.credential;
    this.#client = exchange;
    exchange.listen(this);
    deps.running.add(this);
    deps.recorder.decided(decided, (error) => this.#onStored(error));
    const { url: path, forwardedLines: headers } = exchange;
    this.#incoming = deps.forward({ method: 'POST', path, headers, body }, this);
  }

  start(upstream: Upstream, head: AnswerHead): void {
    const { headers } = head;
    this.#answer = { upstream, head };
    // No other provider will be asked, and a long stream should not hold a long prompt.
    this.#incoming.release();
    this.#meter = createAnswerMeter(
      headerText(headers, 'content-type') ?? '',
      headerText(headers, 'content-encoding') ?? '',
    );
    if (this.#isStored) this.#begin(this.#answer);
  }

  data(chunk: Buffer): void {
    if (this.#isOver) return;
    this.#meter?.read(chunk);
    if (this.#relayed.ticket !== FREE_TICKET) this.#countRates();
    this.#isMidLine = chunk[chunk.length - 1] !== NEWLINE;
    if (!this.#isStored) this.#hold(chunk);
    else if (!this.#client.write(chunk)) this.#incoming.pause();
  }

  /** Rates count the prompt as soon as the provider has, and what is generated as it comes. */
  #countRates(): void {
    const meter = this.#meter;
    if (meter === undefined || meter.metered === NOTHING_METERED) return;
    const { inputTokens, cacheReadTokens, outputTokens } = meteredRate(meter.metered, meter.textBytes);
    const { ticket } = this.#relayed;
    if (!this.#isInputCounted) ticket.input(inputTokens, cacheReadTokens);
    this.#isInputCounted = true;
    ticket.output(outputTokens);
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
    const headers = [...passed.headers, 'request-id', decided.id];
    this.#client.begin(status, headers, passed.lines + lines + ticket.lines());
  }

  #hold(chunk: Buffer): void {
    this.#early.push(chunk);
    this.#earlyBytes += chunk.length;
    if (this.#earlyBytes > EARLY_BYTES_MAX) this.#incoming.pause();
  }

  #finish(): void {
    this.#client.end();
    const status = this.#answer?.head.status ?? null;
    const settlement = this.#conclude((status ?? 0) >= 400 ? 'failed' : 'completed', status);
    // The end of the answer is still to be written in this turn, and a client waits for that, not for its bill.
    behindTurn(() => this.#sum(settlement));
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
    for (const chunk of this.#early) hasRoom = this.#client.write(chunk) && hasRoom;
    this.#early = [];
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
    this.#sum(this.#conclude(endedAs, status));
  }

  #conclude(endedAs: UsageOutcome, status: number | null): Settlement {
    this.#isOver = true;
    this.#incoming.release();
    return { endedAs, status, endedAt: this.#deps.now(), totalMs: performance.now() - this.#relayed.startedTicks };
  }

  #sum(settlement: Settlement): void {
    try {
      const record = (): void => this.#record(settlement);
      if (this.#meter === undefined) record();
      else this.#meter.end(record);
    } catch (err) {
      this.#deps.log.error({ err, request_id: this.requestId }, 'what a request used could not be worked out');
      this.#deps.running.remove(this);
    }
  }

  #record({ endedAs, status, endedAt, totalMs }: Settlement): void {
    const answer = this.#answer;
    const meter = this.#meter;
    // A stream that stops before its message_stop is not an answer, even if the connection closed politely.
    const isCut = isEventStream(answer?.head.headers) && meter?.isComplete !== true;
    const outcome = endedAs === 'completed' && isCut ? 'failed' : endedAs;
    this.#deps.metrics.ended(outcome, this.#firstByteMs, totalMs);
    const metered = meter?.metered ?? NOTHING_METERED;
    const isComplete = meter?.isComplete === true && statesUsage(metered);
    // Asked for only where it counts: whoever told their final counts needs no estimate.
    const textBytes = isComplete ? 0 : (meter?.textBytes ?? 0);
    this.#relayed.ticket.end(usedRate({ status, metered, isComplete, textBytes }));
    this.#deps.recorder.ended(this.#relayed.decided, {
      endedAt,
      outcome,
      status,
      upstream: answer?.upstream.name ?? null,
      upstreamRequestId: headerText(answer?.head.headers, 'request-id'),
      metered,
      isComplete,
      textBytes,
      firstByteMs: this.#firstByteMs,
      totalMs,
    });
    this.#deps.running.remove(this);
  }
}
