import { formatRelative } from './format.ts';

const UTC_MOMENT: Intl.DateTimeFormatOptions = {
  timeZone: 'UTC',
  weekday: 'short',
  day: 'numeric',
  month: 'short',
};

/** When a period starts again, in words; windows end at midnight UTC, which is said because it is not the reader's. */
export const formatReset = (iso: string, nowMs: number): string =>
  `${new Date(iso).toLocaleDateString(undefined, UTC_MOMENT)}, 00:00 UTC (${formatRelative(iso, nowMs)})`;

/** A day of the calendar (UTC) at the foot of a chart: `26 Nov`. */
export const formatShortDay = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString(undefined, { timeZone: 'UTC', day: 'numeric', month: 'short' });
