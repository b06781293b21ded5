import type { Model } from '../../access/index.ts';
import type { DecidedRequest, Ending } from '../../gateway/index.ts';
import type { Effort } from '../../kernel/index.ts';
import { type MeteredMessage, NO_USAGE, NOTHING_METERED } from '../../spend/index.ts';
import type { Random } from './random.ts';

/** The prompt of a request, in tokens, by what the provider's cache makes of it. */
export type Prompt = {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWrite5mTokens: number;
  readonly cacheWrite1hTokens: number;
};

/** The prompt of a request whose tokens nobody is charged for. */
export const NO_PROMPT: Prompt = { inputTokens: 0, cacheReadTokens: 0, cacheWrite5mTokens: 0, cacheWrite1hTokens: 0 };

/** How large a prompt is in a request's body, JSON and all. */
export const BYTES_PER_TOKEN = 3.8;

/** What happens to a forwarded request. */
export type Fate = 'completed' | 'overloaded' | 'upstream_error' | 'client_left' | 'cut';

/** Everything about an answer that chance does not decide. */
export type AnswerFacts = {
  readonly decided: DecidedRequest;
  readonly model: Model;
  readonly prompt: Prompt;
  /** Tokens of visible text and tool calls that an answer of this kind usually has. */
  readonly usualTokens: number;
  readonly stopReason: 'end_turn' | 'tool_use';
  readonly fate: Fate;
};

const UPSTREAM = 'simulated';
const TEXT_BYTES_PER_TOKEN = 4;

const TOKENS_PER_SECOND = { haiku: 165, sonnet: 88, opus: 64, fable: 47, mythos: 45 } as const;

/** Usual tokens of thinking by effort. */
const THINKING: Readonly<Record<Effort, number>> = { low: 40, medium: 180, high: 520, xhigh: 1300, max: 2900 };

const thinkingTokens = ({ decided, model }: AnswerFacts, random: Random): number => {
  const { effort } = decided.decision;
  const budget = decided.wanted.thinkingBudget;
  if (budget !== null) {
    const allowed = decided.decision.changes.thinkingBudget ?? budget;
    return Math.min(allowed, Math.round(random.skewed(allowed / 6, 0.7)));
  }
  if (effort.used === null || !model.thinking.includes('adaptive') || random.chance(0.3)) return 0;
  return Math.round(random.skewed(THINKING[effort.used], 0.7));
};

/** Milliseconds until the first byte: a queue, the part of the prompt that is not cached, and luck. */
const firstByteMs = ({ prompt }: AnswerFacts, random: Random): number => {
  const fresh = prompt.inputTokens + prompt.cacheWrite5mTokens + prompt.cacheWrite1hTokens;
  return random.skewed(430, 0.3) + fresh / 28 + prompt.cacheReadTokens / 900;
};

const hundredths = (ms: number): number => Math.round(ms * 100) / 100;

type Written = { readonly outputTokens: number; readonly thinking: number };

const meteredOf = (facts: AnswerFacts, { outputTokens, thinking }: Written): MeteredMessage => ({
  usage: {
    ...NO_USAGE,
    ...facts.prompt,
    outputTokens,
    thinkingTokens: thinking,
    geo: 'global',
    serviceTier: 'standard',
  },
  model: facts.model.id,
  stopReason: facts.fate === 'completed' ? facts.stopReason : null,
});

const answered = (facts: AnswerFacts, random: Random): Ending => {
  const { decided, fate, model } = facts;
  const thinking = thinkingTokens(facts, random);
  const outputTokens = thinking + Math.max(4, Math.round(random.skewed(facts.usualTokens, 0.75)));
  const writingMs = (outputTokens / TOKENS_PER_SECOND[model.line ?? 'opus']) * 1000 * random.skewed(1, 0.12);
  const first = firstByteMs(facts, random);
  const isWhole = fate === 'completed';
  const part = isWhole ? 1 : 0.05 + 0.8 * random.next();
  const totalMs = first + writingMs * part;
  // Before its end a stream has told the prompt and the first token; the rest is reckoned from the text seen.
  const known = isWhole ? { outputTokens, thinking } : { outputTokens: 1, thinking: 0 };
  return {
    endedAt: decided.startedAt + Math.round(totalMs),
    outcome: isWhole ? 'completed' : fate === 'client_left' ? 'client_left' : 'failed',
    status: 200,
    upstream: UPSTREAM,
    upstreamRequestId: upstreamId(random),
    metered: meteredOf(facts, known),
    isComplete: isWhole,
    textBytes: Math.round(outputTokens * part * TEXT_BYTES_PER_TOKEN),
    firstByteMs: hundredths(decided.stream ? first : totalMs),
    totalMs: hundredths(totalMs),
  };
};

const refusedUpstream = ({ decided }: AnswerFacts, status: number, random: Random): Ending => {
  const totalMs = random.skewed(240, 0.4);
  return {
    endedAt: decided.startedAt + Math.round(totalMs),
    outcome: 'failed',
    status,
    upstream: UPSTREAM,
    upstreamRequestId: upstreamId(random),
    metered: NOTHING_METERED,
    isComplete: false,
    textBytes: 0,
    firstByteMs: hundredths(totalMs),
    totalMs: hundredths(totalMs),
  };
};

const upstreamId = (random: Random): string => `req_${Buffer.from(random.bytes(12)).toString('hex')}`;

/** How a forwarded request ended, in the terms in which the gateway itself records an ending. */
export const drawEnding = (facts: AnswerFacts, random: Random): Ending => {
  switch (facts.fate) {
    case 'overloaded':
      return refusedUpstream(facts, 529, random);
    case 'upstream_error':
      return refusedUpstream(facts, 500, random);
    case 'completed':
    case 'client_left':
    case 'cut':
      return answered(facts, random);
    default: {
      const unexpected: never = facts.fate;
      return unexpected;
    }
  }
};

/** The ending of a count of tokens: an answer of a few bytes, which costs nothing. */
export const drawCountEnding = (decided: DecidedRequest, random: Random): Ending => {
  const totalMs = random.skewed(120, 0.4);
  return {
    endedAt: decided.startedAt + Math.round(totalMs),
    outcome: 'completed',
    status: 200,
    upstream: UPSTREAM,
    upstreamRequestId: upstreamId(random),
    metered: NOTHING_METERED,
    isComplete: false,
    textBytes: 0,
    firstByteMs: hundredths(totalMs),
    totalMs: hundredths(totalMs),
  };
};
