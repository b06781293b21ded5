import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../kernel/index.ts';
import { NOTHING_METERED, type UsageOutcome } from '../../spend/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { type AnswerMeter, createAnswerMeter } from '../meter/answer-meter.ts';
import type { DecidedRequest } from '../record.ts';
import { refuse } from '../refuse.ts';
import { type RunningRequest, stopRefusal } from '../running.ts';
import type { AnswerHeaders, AnswerListener } from '../upstream/forward.ts';
import { forwardableAnswerHeaders } from '../upstream/headers.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { createAnswerWriter } from './answer-writer.ts';
import { breakOff, headerText, isEventStream } from './client-answer.ts';
import { storeRefusal } from './denial.ts';

export type RelayedRequest = {
  readonly decided: DecidedRequest;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Headers of ours that go along with the answer. */
  readonly headers: readonly string[];
  readonly startedTicks: number;
  readonly body: Buffer;
  /** The request's headers as they go on, names and values alternating. */
  readonly forwarded: readonly string[];
};

const NEWLINE = 0x0a;

/** A decision is on disk within milliseconds; what a provider sends in that time is not worth stopping it for. */
const EARLY_BYTES_MAX = 64 * 1024;

type Answer = { readonly upstream: Upstream; readonly status: number; readonly headers: AnswerHeaders };

/**
 * Forwards a decided request and streams the answer back byte for byte while a meter reads along. The request goes out
 * at once; the answer waits until the decision is on disk, so that no byte reaches a client without its row. Whatever
 * happens (an end, an error, a client that leaves, a revoked key), the usage is recorded once.
 */
export const relay = (deps: GatewayDeps, relayed: RelayedRequest): void => {
  const { decided, request, response, startedTicks } = relayed;
  let answer: Answer | undefined;
  let meter: AnswerMeter | undefined;
  let firstByteMs: number | null = null;
  /** What stands against the answer before the decision is on disk; the client hears of it then. */
  let pending: { readonly outcome: UsageOutcome; readonly refusal: Refusal } | undefined;
  let isStored = false;
  let isOver = false;
  /** What has come of the answer before it can be passed on; beyond a little, the provider is asked to wait. */
  let early: Buffer[] = [];
  let earlyBytes = 0;
  let hasEndedEarly = false;
  let isMidLine = false;

  const begin = ({ status, headers }: Answer): void => {
    firstByteMs = performance.now() - startedTicks;
    const passed = forwardableAnswerHeaders(headers);
    passed.push('request-id', decided.id, ...relayed.headers);
    writer.begin(status, passed);
  };

  /** Refuses where nothing has been answered yet, breaks off where something has; answers the status the client saw. */
  const answerWith = (refusal: Refusal): number => {
    const requestId = decided.id;
    if (!response.headersSent) return refuse({ request, response, requestId, log: deps.log }, refusal, relayed.headers);
    breakOff(response, answer?.headers, { refusal, requestId, isMidLine, writer });
    return answer?.status ?? response.statusCode;
  };

  const settle = (endedAs: UsageOutcome, status: number | null): void => {
    isOver = true;
    const endedAt = deps.now();
    const totalMs = performance.now() - startedTicks;
    const record = () => {
      // A stream that stops before its message_stop is not an answer, even if the connection closed politely.
      const isCut = isEventStream(answer?.headers) && meter?.isComplete !== true;
      const outcome = endedAs === 'completed' && isCut ? 'failed' : endedAs;
      deps.metrics.ended(outcome, firstByteMs, totalMs);
      deps.recorder.ended(decided, {
        endedAt,
        outcome,
        status,
        upstream: answer?.upstream.name ?? null,
        upstreamRequestId: headerText(answer?.headers, 'request-id'),
        metered: meter?.metered ?? NOTHING_METERED,
        isComplete: meter?.isComplete ?? false,
        textBytes: meter?.textBytes ?? 0,
        firstByteMs,
        totalMs,
      });
      deps.running.remove(running);
    };
    if (meter === undefined) record();
    else meter.end(record);
  };

  const giveUp = (outcome: UsageOutcome, refusal: Refusal): void => {
    if (isStored) settle(outcome, answerWith(refusal));
    else pending ??= { outcome, refusal };
  };

  const running: RunningRequest = {
    credential: decided.caller.credential,
    stop: (reason) => {
      if (isOver) return;
      incoming.abort();
      giveUp(reason === 'revoked' ? 'revoked' : 'interrupted', stopRefusal(reason));
    },
  };

  const proceed = (error?: Error): void => {
    isStored = true;
    // The provider has the request already, so it has a price, and its row follows when the store is back.
    if (error !== undefined) deps.recorder.decidedLate(decided);
    if (isOver) return;
    if (error !== undefined) {
      incoming.abort();
      settle('interrupted', answerWith(storeRefusal(error)));
    } else if (pending !== undefined) {
      settle(pending.outcome, answerWith(pending.refusal));
    } else if (answer !== undefined) {
      begin(answer);
      const hasRoom = early.map(writer.write).every(Boolean);
      early = [];
      if (hasEndedEarly) finish();
      else if (hasRoom) incoming.resume();
    }
  };

  // The journal goes on whatever happens here, so a mistake of ours must not leave the client waiting.
  const onStored = (error?: Error): void => {
    try {
      proceed(error);
    } catch (thrown) {
      incoming.abort();
      const failure = new Refusal('upstream_unreachable', 'The answer could not be passed on. Try again.', {
        internal: thrown,
      });
      if (!isOver) settle('failed', answerWith(failure));
      else response.destroy();
    }
  };

  const hold = (chunk: Buffer): void => {
    early.push(chunk);
    earlyBytes += chunk.length;
    if (earlyBytes > EARLY_BYTES_MAX) incoming.pause();
  };

  const finish = (): void => {
    writer.end();
    const status = answer?.status ?? null;
    settle((status ?? 0) >= 400 ? 'failed' : 'completed', status);
  };

  const listener: AnswerListener = {
    start: (upstream, status, headers) => {
      answer = { upstream, status, headers };
      meter = createAnswerMeter(
        headerText(headers, 'content-type') ?? '',
        headerText(headers, 'content-encoding') ?? '',
      );
      if (isStored) begin(answer);
    },
    data: (chunk) => {
      if (isOver) return;
      meter?.read(chunk);
      isMidLine = chunk[chunk.length - 1] !== NEWLINE;
      if (!isStored) hold(chunk);
      else if (!writer.write(chunk)) incoming.pause();
    },
    end: () => {
      if (isOver) return;
      if (isStored) finish();
      else hasEndedEarly = true;
    },
    fail: (refusal) => {
      if (!isOver) giveUp('failed', refusal);
    },
  };

  response.on('close', () => {
    if (isOver) return;
    incoming.abort();
    settle('client_left', response.headersSent ? (answer?.status ?? null) : null);
  });
  const writer = createAnswerWriter(response, () => incoming.resume());
  deps.running.add(running);
  deps.recorder.decided(decided, onStored);
  const incoming = deps.forward(
    {
      method: 'POST',
      path: request.url ?? '/',
      headers: relayed.forwarded,
      body: relayed.body,
    },
    listener,
  );
};
