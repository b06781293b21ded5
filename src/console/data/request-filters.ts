/** The time ranges on offer. */
export const RANGES = ['1h', '24h', '7d', '30d'] as const;
type Range = (typeof RANGES)[number];

const HOUR_MS = 3_600_000;
const RANGE_MS: Readonly<Record<Range, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};

/** What a table of requests is narrowed to; everything absent is everything. */
export type RequestFilters = {
  readonly member?: string | undefined;
  readonly model?: string | undefined;
  readonly effect?: 'allow' | 'clamp' | 'deny' | undefined;
  readonly range?: Range | undefined;
};

/** The instant a range begins, as the endpoints want it; undefined for no range. */
export const startOfRange = (range: Range | undefined, nowMs: number): string | undefined =>
  range === undefined ? undefined : new Date(nowMs - RANGE_MS[range]).toISOString();
