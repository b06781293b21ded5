import { formatUsd, MICROS_PER_USD } from '../../kernel/index.ts';

const MICROS_PER_CENT = MICROS_PER_USD / 100;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Cents as a decimal string, as the cost reports have them, in dollars: `"12.5"` → `$0.13`. */
export const formatCents = (cents: string): string => formatUsd(Math.round(Number(cents) * MICROS_PER_CENT));

/** A count with at most three significant figures: `1234567` → `1.23M`, `48200` → `48.2K`, `950` → `950`. */
export const formatCount = (count: number): string =>
  count < 1000
    ? String(count)
    : new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 }).format(count);

/** A count in full, with separators. */
export const formatExact = (count: number): string => count.toLocaleString('en-US');

/** A duration: `840` → `840 ms`, `12345` → `12.3 s`, `95000` → `1 min 35 s`. */
export const formatDuration = (ms: number): string => {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${(ms / SECOND_MS).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND_MS);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
};

/** A date and time in the reader's own zone, to the second. */
export const formatInstant = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** A date alone. Dates without a time of day are read as UTC so that they do not slip by a day. */
export const formatDay = (iso: string): string =>
  new Date(iso).toLocaleDateString(undefined, {
    dateStyle: 'medium',
    ...(iso.length === 10 ? { timeZone: 'UTC' } : {}),
  });

/** How long ago an instant was, or how far ahead it is: `just now`, `4 min ago`, `in 3 days`, then the date. */
export const formatRelative = (iso: string, nowMs: number): string => {
  const distanceMs = new Date(iso).getTime() - nowMs;
  const size = Math.abs(distanceMs);
  if (size < 45 * SECOND_MS) return 'just now';
  if (size > 30 * DAY_MS) return formatDay(iso);
  const [unitMs, unit] =
    size < HOUR_MS
      ? ([MINUTE_MS, 'minute'] as const)
      : size < DAY_MS
        ? ([HOUR_MS, 'hour'] as const)
        : ([DAY_MS, 'day'] as const);
  const words = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: unit === 'day' ? 'long' : 'short' });
  return words.format(Math.sign(distanceMs) * Math.max(1, Math.round(size / unitMs)), unit).replace('.', '');
};

/** `1 key`, `1,200 keys`; the plural is the noun with an s unless it is given. */
export const plural = (count: number, noun: string, many = `${noun}s`): string =>
  `${formatExact(count)} ${count === 1 ? noun : many}`;
