import { RANGES, startOfRange } from './request-filters.ts';

/** The time ranges on offer for the feed, which goes back for years. */
export const ACTIVITY_RANGES = [...RANGES, '90d', '365d'] as const;
type ActivityRange = (typeof ACTIVITY_RANGES)[number];

const DAY_MS = 86_400_000;

/** What the feed is narrowed to; everything absent is everything. */
export type ActivityFilters = {
  /** One type of activity, or the name of an area for all of its types. */
  readonly what?: string | undefined;
  /** Who did it: the id of a member, key or directory. */
  readonly actor?: string | undefined;
  /** What it happened to: the id of a member, group, role, key or connector. */
  readonly subject?: string | undefined;
  /** The id of the request that did it. */
  readonly request?: string | undefined;
  readonly range?: ActivityRange | undefined;
  /** Days in the reader's own zone, `2026-11-02`; both count. They hold instead of a range. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
};

/** Whether anything is left out. */
export const isNarrowed = (filters: ActivityFilters): boolean =>
  Object.values(filters).some((value) => value !== undefined);

const startOf = (range: ActivityRange | undefined, nowMs: number): string | undefined => {
  if (range === '90d' || range === '365d') return new Date(nowMs - Number.parseInt(range, 10) * DAY_MS).toISOString();
  return startOfRange(range, nowMs);
};

/** Midnight at the beginning of a day, so many days later, in the zone of the reader. */
const midnight = (day: string, daysLater: number): string => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
};

/** The times a filter asks for as the endpoint wants them: the first counts, the second does not. */
export const timesOf = (
  { range, from, until }: ActivityFilters,
  nowMs: number,
): { readonly 'created_at.gte': string | undefined; readonly 'created_at.lt': string | undefined } => ({
  'created_at.gte': from === undefined ? startOf(range, nowMs) : midnight(from, 0),
  'created_at.lt': until === undefined ? undefined : midnight(until, 1),
});
