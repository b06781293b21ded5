import type { AccessTables } from '../../../access/index.ts';
import { DAY_MS, type Day, type DayRange, dayOf, firstIdAt } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import { type Iteration, NO_USAGE, type Usage } from '../../rules/usage.ts';
import type { SpendTables } from '../../tables.ts';
import type { ChargedRow } from './rules/rate-again.ts';

type Tables = SpendTables & Pick<AccessTables, 'requests'>;

const COLUMNS = [
  'requests.id',
  'requests.started_at',
  'requests.endpoint',
  'requests.model_id',
  'requests.user_id',
  'usage.model_answered',
  'usage.input_tokens',
  'usage.output_tokens',
  'usage.thinking_tokens',
  'usage.cache_write_5m_tokens',
  'usage.cache_write_1h_tokens',
  'usage.cache_read_tokens',
  'usage.web_searches',
  'usage.web_fetches',
  'usage.speed',
  'usage.geo',
  'usage.service_tier',
  'usage.iterations',
  'usage.cost_micros',
  'usage.priced',
  'usage.price_book',
] as const;

const charged = (sql: Sql) =>
  sql.tables<Tables>().selectFrom('requests').innerJoin('usage', 'usage.request_id', 'requests.id').select(COLUMNS);

const idAt = (day: Day): string => firstIdAt('request', day * DAY_MS);

type Row = Awaited<ReturnType<ReturnType<typeof charged>['execute']>>[number];

const usageOf = (row: Row): Usage => ({
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  thinkingTokens: row.thinking_tokens,
  cacheWrite5mTokens: row.cache_write_5m_tokens,
  cacheWrite1hTokens: row.cache_write_1h_tokens,
  cacheReadTokens: row.cache_read_tokens,
  webSearches: row.web_searches,
  webFetches: row.web_fetches,
  speed: row.speed === 'fast' ? 'fast' : 'standard',
  geo: row.geo,
  serviceTier: row.service_tier,
  iterations: row.iterations === null ? NO_USAGE.iterations : (JSON.parse(row.iterations) as readonly Iteration[]),
});

const toCharged = (row: Row): ChargedRow => ({
  requestId: row.id,
  day: dayOf(row.started_at),
  question: {
    model: row.model_answered ?? row.model_id,
    usage: usageOf(row),
    at: row.started_at,
    batch: row.endpoint === 'batch_item',
  },
  modelId: row.model_id,
  userId: row.user_id,
  costMicros: row.cost_micros,
  priced: row.priced === 1,
  book: row.price_book,
});

/**
 * Requests of a range of days that were charged, in the order they began in, behind a request's id; an empty one begins at
 * the first. Of two lower bounds SQLite seeks by whichever it likes, and reads everything from there each time: it gets one.
 */
export const readCharged = async (
  sql: Sql,
  { from, until }: DayRange,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly ChargedRow[]> => {
  const rows = charged(sql).where('requests.id', '<', idAt(until)).orderBy('requests.id').limit(limit);
  const behind = after === '' ? rows.where('requests.id', '>=', idAt(from)) : rows.where('requests.id', '>', after);
  return (await behind.execute()).map(toCharged);
};

/** The same from the newest on, before a request's id; an empty one begins at the last. */
export const readChargedBackwards = async (
  sql: Sql,
  { from, until }: DayRange,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<readonly ChargedRow[]> => {
  const rows = charged(sql).where('requests.id', '>=', idAt(from)).orderBy('requests.id', 'desc').limit(limit);
  return (await rows.where('requests.id', '<', before === '' ? idAt(until) : before).execute()).map(toCharged);
};
