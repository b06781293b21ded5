import type { RequestRow } from '../access/index.ts';
import type { Database, Log } from '../platform/index.ts';
import {
  costOf,
  estimateInputTokens,
  NO_USAGE,
  type PriceBook,
  USAGE,
  type UsageRow,
  usageValues,
} from '../spend/index.ts';
import { requestStore } from './store.ts';

const PAGE = 1000;

/**
 * Closes the requests an earlier run of this node left open: each gets a usage row with an estimate of its prompt,
 * marked as estimated and interrupted, so that a crash leaves no request unaccounted for. Answers how many.
 */
export const recoverInterrupted = async (options: {
  readonly database: Database;
  readonly node: string;
  readonly book: PriceBook;
  readonly now: () => number;
  readonly log: Log;
}): Promise<number> => {
  const { database, node, book, now, log } = options;
  let recovered = 0;
  for (;;) {
    const open = await requestStore(database).findInterrupted(node, PAGE);
    for (const row of open) database.journal.append(USAGE, usageValues(interruptedUsage(row, book, now())));
    await database.journal.flush();
    recovered += open.length;
    if (open.length < PAGE) break;
  }
  if (recovered > 0)
    log.warn({ recovered }, 'requests that were running when this node stopped were closed with an estimate');
  return recovered;
};

const interruptedUsage = (row: RequestRow, book: PriceBook, now: number): UsageRow => {
  const isFree = row.endpoint === 'count_tokens';
  const inputTokens = isFree ? 0 : estimateInputTokens(row.body_bytes);
  const usage = { ...NO_USAGE, inputTokens };
  const batch = row.endpoint === 'batch_item';
  const cost = costOf({ book, model: row.model_id, usage, at: row.started_at, batch });
  return {
    request_id: row.id,
    ended_at: now,
    upstream: null,
    upstream_request_id: null,
    status: null,
    outcome: 'interrupted',
    stop_reason: null,
    model_answered: null,
    input_tokens: inputTokens,
    output_tokens: 0,
    thinking_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    cache_read_tokens: 0,
    web_searches: 0,
    web_fetches: 0,
    speed: NO_USAGE.speed,
    geo: null,
    service_tier: null,
    cost_micros: cost.micros,
    estimated: isFree ? 0 : 1,
    priced: cost.priced ? 1 : 0,
    price_book: book.version,
    first_byte_ms: null,
    total_ms: Math.max(0, now - row.started_at),
  };
};
