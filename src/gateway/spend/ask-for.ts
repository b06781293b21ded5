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
  readonly body: Buffer;
  readonly bodyBytes: number;
  readonly isBatch: boolean;
};

/** What runs at the provider on its own and is charged by what it finds. */
const PRICED_BY_WHAT_IT_FINDS: readonly Capability[] = ['web_search', 'web_fetch', 'code_execution', 'mcp_connector'];

/** A source whose size is not that of the bytes that name it. */
const isFromElsewhere = (body: Buffer): boolean =>
  body.includes('"file_id"') || body.includes('"url"') || mayHideNames(body);

/** Names of members can be written with escapes, which a search for them does not find: then the dearest is assumed. */
const mayHideNames = (body: Buffer): boolean => body.includes('\\u00');

/** Whether what a request costs at most follows from its own bytes. */
const isBounded = ({ wanted, scanned, body }: Foreseen): boolean =>
  wanted.fallbackModels.length === 0 &&
  wanted.servers.length === 0 &&
  !wanted.capabilities.some((capability) => PRICED_BY_WHAT_IT_FINDS.includes(capability)) &&
  !((scanned.bringsFiles || scanned.resultsHoldFiles) && isFromElsewhere(body)) &&
  // The provider may compact the conversation by itself, which runs the model once more.
  !body.includes('"compact_2');

const cachesFor = (body: Buffer): 'nothing' | '5m' | '1h' => {
  if (mayHideNames(body)) return '1h';
  if (!body.includes('"cache_control"')) return 'nothing';
  return body.includes('"1h"') ? '1h' : '5m';
};

const worstOf = (foreseen: Foreseen, { book, priceAt }: Pricing): WorstCost | 'unbounded' => {
  if (!isBounded(foreseen)) return 'unbounded';
  const { decision, startedAt, scanned, isBatch, bodyBytes, body } = foreseen;
  const { price } = priceAt(decision.model.id, startedAt);
  const isFast = scanned.speed === 'fast';
  return worstCostOf({ price, book, isFast, isBatch, bodyBytes, cachesFor: cachesFor(body) });
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
