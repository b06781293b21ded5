import type { Decision, Wanted } from '../../access/index.ts';
import type { Capability } from '../../kernel/index.ts';
import {
  type Bounds,
  estimateInputTokens,
  NO_USAGE,
  type Pricing,
  type Reserve,
  type TypicalOutput,
  type WorstCost,
  worstCostOf,
} from '../../spend/index.ts';
import type { Body } from '../body.ts';
import type { ScannedRequest } from '../scan/index.ts';

/** Everything the price of a request can be foreseen from. */
export type Foreseen = {
  readonly requestId: string;
  readonly startedAt: number;
  readonly expiresAt: number;
  readonly bounds: Bounds;
  readonly scanned: ScannedRequest;
  readonly wanted: Wanted;
  readonly decision: Decision;
  readonly body: Body;
  readonly bodyBytes: number;
  readonly isBatch: boolean;
};

/** What runs at the provider on its own and is charged by what it finds. */
const PRICED_BY_WHAT_IT_FINDS: readonly Capability[] = ['web_search', 'web_fetch', 'code_execution', 'mcp_connector'];

/** A source whose size is not that of the bytes that name it. */
const isFromElsewhere = ({ fileIds, namesUrls }: ScannedRequest): boolean => fileIds.length > 0 || namesUrls;

const ZERO = 0x30;
const UNDERSCORE_DIGIT = 0x66;

/**
 * Whether a word of small letters, digits and underscores may be written with escapes, which a search for it does not
 * find. Programs escape control characters and angle brackets, never these, so that this holds of hardly any body.
 */
const mayHideWords = (body: Buffer): boolean => {
  for (let at = body.indexOf('\\u00'); at !== -1; at = body.indexOf('\\u00', at + 4)) {
    const [high = 0, low = 0] = body.subarray(at + 4, at + 6);
    const isDigit = high === ZERO + 3 && low >= ZERO && low <= ZERO + 9;
    const isUnderscore = high === ZERO + 5 && (low | 0x20) === UNDERSCORE_DIGIT;
    if (isDigit || isUnderscore || high === ZERO + 6 || high === ZERO + 7) return true;
  }
  return false;
};

/** Whether what a request costs at most follows from its own bytes. */
const isBounded = ({ wanted, scanned }: Foreseen): boolean =>
  wanted.fallbackModels.length === 0 &&
  wanted.servers.length === 0 &&
  !wanted.capabilities.some((capability) => PRICED_BY_WHAT_IT_FINDS.includes(capability)) &&
  !isFromElsewhere(scanned) &&
  !scanned.compacts;

const cachesFor = (body: Buffer): 'nothing' | '5m' | '1h' => {
  // Where it cannot be told, the dearest is assumed.
  if (mayHideWords(body)) return '1h';
  if (!body.includes('"cache_control"')) return 'nothing';
  return body.includes('"1h"') ? '1h' : '5m';
};

const worstOf = (foreseen: Foreseen, { book, priceAt }: Pricing): WorstCost | 'unbounded' => {
  if (!isBounded(foreseen)) return 'unbounded';
  const { decision, startedAt, scanned, isBatch, bodyBytes, body } = foreseen;
  const { price } = priceAt(decision.model.id, startedAt);
  const isFast = scanned.speed === 'fast';
  return worstCostOf({ price, book, isFast, isBatch, bodyBytes, cachesFor: cachesFor(body.joined()) });
};

/** An answer that is allowed fewer tokens than this says nothing. */
const FEWEST_TOKENS = 16;

/** What the API takes for a request that does not say; such a request is refused by it. */
const TOKENS_UNSAID = 128_000;

const fewestTokens = ({ scanned, decision, isBatch }: Foreseen, maxTokens: number): number => {
  if (isBatch || scanned.maxTokensSpan === null) return maxTokens;
  const budget = scanned.thinking?.budget?.value ?? 0;
  // A budget for thinking has to stay below `max_tokens`.
  const thinking = budget === 0 ? 0 : Math.min(budget, decision.changes.thinkingBudget ?? budget) + 1;
  return Math.min(maxTokens, Math.max(FEWEST_TOKENS, thinking));
};

/** What a request asks of the ledger. */
export const askFor = (foreseen: Foreseen, pricing: Pricing, typical: TypicalOutput): Reserve => {
  const { requestId, startedAt, expiresAt, bounds, scanned, decision, bodyBytes, isBatch } = foreseen;
  const model = decision.model.id;
  const maxTokens = scanned.maxTokens ?? TOKENS_UNSAID;
  const outputTokens = Math.min(maxTokens, typical.of(model));
  const usage = { ...NO_USAGE, inputTokens: estimateInputTokens(bodyBytes), outputTokens };
  const isStrict = bounds.ceilings.some(({ mode }) => mode === 'strict');
  return {
    requestId,
    startedAt,
    expiresAt,
    bounds,
    expectedMicros: pricing.charge({ model, usage, at: startedAt, batch: isBatch }).micros,
    worst: isStrict ? worstOf(foreseen, pricing) : 'unbounded',
    maxTokens,
    minTokens: fewestTokens(foreseen, maxTokens),
  };
};
