/** How much may be taken in a window, and how long the window is; what was taken comes back evenly over it. */
export type Capacity = { readonly limit: number; readonly windowMs: number };

/** Fractions come back all the time; less than this is nothing. */
const NOTHING = 1e-6;

/**
 * What of `used` still counts `elapsedMs` later. It comes back continuously, a whole limit in a whole window, and never
 * goes below nothing. A clock that went backwards gives nothing back and takes nothing away.
 */
export const usedAfter = (used: number, elapsedMs: number, { limit, windowMs }: Capacity): number =>
  elapsedMs <= 0 ? used : Math.max(0, used - (elapsedMs * limit) / windowMs);

/** What is asked for at most: more than a whole limit never fits, and waiting for it would never end. */
const fitting = (wanted: number, limit: number): number => Math.min(wanted, limit);

/** Whether so much can be taken now. Of a request larger than the whole limit it is enough that nothing else is used. */
export const hasRoom = (used: number, wanted: number, { limit }: Capacity): boolean =>
  limit > 0 && used + fitting(wanted, limit) <= limit + NOTHING;

/** How long until {@link hasRoom}, if nothing else is taken; 0 when it has now, Infinity for a limit of 0. */
export const msUntilRoom = (used: number, wanted: number, capacity: Capacity): number => {
  const { limit, windowMs } = capacity;
  if (limit <= 0) return Number.POSITIVE_INFINITY;
  if (hasRoom(used, wanted, capacity)) return 0;
  return ((used + fitting(wanted, limit) - limit) * windowMs) / limit;
};

/** Whole seconds for `retry-after`: at least one, and never too early. Null when waiting does not help. */
export const retryAfterSeconds = (waitMs: number): number | null =>
  Number.isFinite(waitMs) ? Math.max(1, Math.ceil(waitMs / 1000)) : null;

/** What of a reckoning is taken at first: no more than a whole limit; the rest follows when the true count is known. */
export const takenAtFirst = (wanted: number, { limit }: Capacity): number => fitting(wanted, limit);

/**
 * What counts as used when a limit has changed: what was used stays used, but a lower limit is at most used up. Otherwise
 * somebody who is cut to a hundredth would wait a hundred windows for what was permitted when they did it.
 */
export const usedUnder = (used: number, before: number, after: number): number =>
  after >= before ? used : Math.min(used, after);

/** When all of it will have come back, counted from now. */
export const msUntilFull = (used: number, { limit, windowMs }: Capacity): number =>
  used <= 0 ? 0 : limit <= 0 ? windowMs : (used * windowMs) / limit;
