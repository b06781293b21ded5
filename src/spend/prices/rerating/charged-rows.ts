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
  'requests.group_id',
  'requests.api_key_id',
  'requests.workspace_id',
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
  groupId: row.group_id,
  keyId: row.api_key_id,
  workspaceId: row.workspace_id,
  costMicros: row.cost_micros,
  priced: row.priced === 1,
  book: row.price_book,
});

/**
 * Requests of a range of days that were charged, in the order they began in, behind a request's id; an empty one begins at
 * the first. Of two lower bounds SQLite seeks by whichever it likes, and reads everything from there each time: it gets one.
 * PostgreSQL does not carry the bounds of one table over to the other and would read that one from its beginning: it gets them twice.
 */
export const readCharged = async (
  sql: Sql,
  { from, until }: DayRange,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<readonly ChargedRow[]> => {
  const [start, than] = after === '' ? [idAt(from), '>=' as const] : [after, '>' as const];
  const rows = charged(sql)
    .where('requests.id', than, start)
    .where('usage.request_id', than, start)
    .where('requests.id', '<', idAt(until))
    .where('usage.request_id', '<', idAt(until))
    .orderBy('requests.id')
    .limit(limit);
  return (await rows.execute()).map(toCharged);
};

/** The same from the newest on, before a request's id; an empty one begins at the last. */
export const readChargedBackwards = async (
  sql: Sql,
  { from, until }: DayRange,
  { before, limit }: { readonly before: string; readonly limit: number },
): Promise<readonly ChargedRow[]> => {
  const end = before === '' ? idAt(until) : before;
  const rows = charged(sql)
    .where('requests.id', '>=', idAt(from))
    .where('usage.request_id', '>=', idAt(from))
    .where('requests.id', '<', end)
    .where('usage.request_id', '<', end)
    .orderBy('requests.id', 'desc')
    .limit(limit);
  return (await rows.execute()).map(toCharged);
};

const IDS_PER_READING = 1000;

/** The same for some requests, as they are now. */
export const readChargedAgain = async (sql: Sql, ids: readonly string[]): Promise<readonly ChargedRow[]> => {
  const found: ChargedRow[] = [];
  for (let at = 0; at < ids.length; at += IDS_PER_READING) {
    const rows = charged(sql).where('requests.id', 'in', ids.slice(at, at + IDS_PER_READING));
    found.push(...(await rows.execute()).map(toCharged));
  }
  return found;
};
