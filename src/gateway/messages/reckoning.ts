import { behindTurn } from '../../platform/index.ts';
import { FREE_TICKET, NOTHING_METERED, type RateTicket, statesUsage, type UsageOutcome } from '../../spend/index.ts';
import type { DecidedRequest } from '../decided-request.ts';
import type { GatewayDeps } from '../deps.ts';
import { type AnswerMeter, createAnswerMeter } from '../meter/answer-meter.ts';
import { meteredRate, usedRate } from '../rates/take-rate.ts';
import type { RunningRequest } from '../running.ts';
import type { AnswerHead } from '../upstream/answer-head.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { withChunk } from '../with-chunk.ts';
import { headerText, isEventStream } from './client-answer.ts';

/** The answer that is passed on: who gives it, and its head. */
export type Answer = { readonly upstream: Upstream; readonly head: AnswerHead };

/** How a request ended. Milliseconds to the first byte are null when the client saw none. */
export type Settlement = {
  readonly endedAs: UsageOutcome;
  /** What the client was answered with; null when it saw no status. */
  readonly status: number | null;
  readonly endedAt: number;
  readonly firstByteMs: number | null;
  readonly totalMs: number;
};

type Reckoned = { readonly decided: DecidedRequest; readonly ticket: RateTicket };

const meterFor = (headers: AnswerHead['headers'] | undefined): AnswerMeter =>
  createAnswerMeter(headerText(headers, 'content-type') ?? '', headerText(headers, 'content-encoding') ?? '');

/**
 * What a request uses: meters what has come of its answer, tells the rates of it, and records the request once, when it
 * has ended.
 */
export class Reckoning {
  readonly #deps: GatewayDeps;
  readonly #request: Reckoned;
  readonly #running: RunningRequest;
  #answer: Answer | undefined;
  /** Made when there is something to read: nothing is done here before the answer has been passed on. */
  #meter: AnswerMeter | undefined;
  #unmetered: Buffer[] = [];
  #settlement: Settlement | undefined;
  #isDue = false;
  #isInputCounted = false;

  /** `running` is what ends with it. */
  constructor(deps: GatewayDeps, request: Reckoned, running: RunningRequest) {
    this.#deps = deps;
    this.#request = request;
    this.#running = running;
  }

  /** What has come and is not metered yet. */
  get unmetered(): readonly Buffer[] {
    return this.#unmetered;
  }

  /** The answer has begun; it must have before any of it is added. */
  start(answer: Answer): void {
    this.#answer = answer;
  }

  /** Takes the next bytes of the answer; they are metered at the next `goOn` or `end`. */
  add(chunk: Buffer): void {
    this.#unmetered = withChunk(this.#unmetered, chunk);
  }

  /** Meters what has come, behind this turn of the event loop: what was passed on in it is still to be written. */
  goOnSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    behindTurn(this.#goOn);
  }

  /** Records the request, now. */
  end(settlement: Settlement): void {
    this.#settlement = settlement;
    this.#goOn();
  }

  /** Records the request behind this turn: a client waits for the end of its answer, not for its bill. */
  endSoon(settlement: Settlement): void {
    this.#settlement = settlement;
    this.goOnSoon();
  }

  readonly #goOn = (): void => {
    this.#isDue = false;
    const settlement = this.#settlement;
    this.#settlement = undefined;
    try {
      if (this.#unmetered.length > 0) this.#readArrived();
      if (settlement !== undefined) this.#sum(settlement);
    } catch (err) {
      const { id } = this.#request.decided;
      this.#deps.log.error({ err, request_id: id }, 'what a request used could not be worked out');
      if (settlement !== undefined) this.#deps.running.remove(this.#running);
    }
  };

  #readArrived(): void {
    const arrived = this.#unmetered;
    this.#unmetered = [];
    this.#meter ??= meterFor(this.#answer?.head.headers);
    for (const chunk of arrived) this.#meter.read(chunk);
    if (this.#request.ticket !== FREE_TICKET) this.#countRates();
  }

  /** Rates count the prompt as soon as the provider has, and what is generated as it comes. */
  #countRates(): void {
    const meter = this.#meter;
    if (meter === undefined || meter.metered === NOTHING_METERED) return;
    const { inputTokens, cacheReadTokens, outputTokens } = meteredRate(meter.metered, meter.textBytes);
    const { ticket } = this.#request;
    if (!this.#isInputCounted) ticket.input(inputTokens, cacheReadTokens);
    this.#isInputCounted = true;
    ticket.output(outputTokens);
  }

  #sum(settlement: Settlement): void {
    if (this.#meter === undefined) this.#record(settlement);
    else this.#meter.end(() => this.#record(settlement));
  }

  #record({ endedAs, status, endedAt, firstByteMs, totalMs }: Settlement): void {
    const { metrics, recorder, running } = this.#deps;
    const { decided, ticket } = this.#request;
    const answer = this.#answer;
    const meter = this.#meter;
    // A stream that stops before its message_stop is not an answer, even if the connection closed politely.
    const isCut = isEventStream(answer?.head.headers) && meter?.isComplete !== true;
    const outcome = endedAs === 'completed' && isCut ? 'failed' : endedAs;
    metrics.ended(outcome, firstByteMs, totalMs);
    const metered = meter?.metered ?? NOTHING_METERED;
    const isComplete = meter?.isComplete === true && statesUsage(metered);
    // Asked for only where it counts: whoever told their final counts needs no estimate.
    const textBytes = isComplete ? 0 : (meter?.textBytes ?? 0);
    ticket.end(usedRate({ status, metered, isComplete, textBytes }));
    recorder.ended(decided, {
      endedAt,
      outcome,
      status,
      upstream: answer?.upstream.name ?? null,
      upstreamRequestId: headerText(answer?.head.headers, 'request-id'),
      metered,
      isComplete,
      textBytes,
      firstByteMs,
      totalMs,
    });
    running.remove(this.#running);
  }
}
