/** After so many tries a delivery is given up; the last comes some eleven hours after the first. */
export const TRIES_MAX = 12;

const FIRST_MS = 30_000;
const LONGEST_MS = 3 * 3_600_000;

/** How long to wait after a try that failed, counted from 1: half a minute, then twice as long each time, at most three hours. */
export const waitAfter = (tries: number): number => Math.min(FIRST_MS * 2 ** (tries - 1), LONGEST_MS);
