import type { AppendTable } from '../platform/index.ts';
import type { LedgerTables } from './ledger/tables.ts';

/** The room's tables. Times are epoch milliseconds, UTC; money is micro-dollars; booleans are 0 or 1. */
export type SpendTables = { usage: UsageRow } & LedgerTables;

/** How a request that reached an upstream ended; see the Outcome of the gateway's contract. */
export type UsageOutcome = 'completed' | 'failed' | 'client_left' | 'revoked' | 'interrupted';

/** What one request used, appended once when it has ended. */
export type UsageRow = {
  request_id: string;
  ended_at: number;
  upstream: string | null;
  upstream_request_id: string | null;
  /** The HTTP status the client was answered with; null when it saw none. */
  status: number | null;
  outcome: UsageOutcome;
  stop_reason: string | null;
  /** The model that answered, as the provider named it. */
  model_answered: string | null;
  input_tokens: number;
  output_tokens: number;
  thinking_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  cache_read_tokens: number;
  web_searches: number;
  web_fetches: number;
  speed: string;
  geo: string | null;
  service_tier: string | null;
  cost_micros: number;
  /** 1 when the provider did not report the end, so that the counts are our own reckoning. */
  estimated: number;
  /** 0 when the model has no price and was charged at the dearest known. */
  priced: number;
  price_book: string;
  first_byte_ms: number | null;
  total_ms: number;
  /** How its reservation ended: with a cost, with none, or by a crash and an estimate; null where nothing was reserved. */
  settled_as: SettledAs | null;
  /** What of the cost counted against limits; null is all of it. */
  credits_micros: number | null;
  /** JSON: the runs the answer was made of, where there were several; null for one run of one model. */
  iterations: string | null;
};

/** The one state a reservation ends in. */
export type SettledAs = 'settled' | 'released' | 'expired';

/** `usage` for the journal: the columns in the order of {@link usageValues}. */
export const USAGE: AppendTable = {
  name: 'usage',
  columns: [
    'request_id',
    'ended_at',
    'upstream',
    'upstream_request_id',
    'status',
    'outcome',
    'stop_reason',
    'model_answered',
    'input_tokens',
    'output_tokens',
    'thinking_tokens',
    'cache_write_5m_tokens',
    'cache_write_1h_tokens',
    'cache_read_tokens',
    'web_searches',
    'web_fetches',
    'speed',
    'geo',
    'service_tier',
    'cost_micros',
    'estimated',
    'priced',
    'price_book',
    'first_byte_ms',
    'total_ms',
    'settled_as',
    'credits_micros',
    'iterations',
  ],
};

/** A usage row as the values of {@link USAGE}. */
export const usageValues = (row: UsageRow): readonly (string | number | null)[] => [
  row.request_id,
  row.ended_at,
  row.upstream,
  row.upstream_request_id,
  row.status,
  row.outcome,
  row.stop_reason,
  row.model_answered,
  row.input_tokens,
  row.output_tokens,
  row.thinking_tokens,
  row.cache_write_5m_tokens,
  row.cache_write_1h_tokens,
  row.cache_read_tokens,
  row.web_searches,
  row.web_fetches,
  row.speed,
  row.geo,
  row.service_tier,
  row.cost_micros,
  row.estimated,
  row.priced,
  row.price_book,
  row.first_byte_ms,
  row.total_ms,
  row.settled_as,
  row.credits_micros,
  row.iterations,
];
