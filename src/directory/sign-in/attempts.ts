import { parseAddress } from '../../platform/index.ts';

/** A limit on tries per key; its memory stays small however many keys are tried. */
export type Attempts = {
  /** Counts a try: 0 when it may go on, otherwise how many milliseconds until the next may. */
  readonly count: (key: string) => number;
  /** Takes the last counted try of a key back. */
  readonly giveBack: (key: string) => void;
  /** Forgets what was counted for a key. */
  readonly forget: (key: string) => void;
};

export type AttemptsOptions = {
  readonly max: number;
  readonly windowMs: number;
  readonly now: () => number;
  /** How many keys are remembered; beyond it the one that was quiet for longest goes. */
  readonly keysMax?: number;
};

const KEYS_MAX = 50_000;

/**
 * At most `max` tries at once for a key, and over time `max` in each window. One number is kept per key: the time at
 * which all its tries will be forgotten (GCRA). A try counts from its start, so that many at once are not more than
 * many in a row.
 */
export const createAttempts = ({ max, windowMs, now, keysMax = KEYS_MAX }: AttemptsOptions): Attempts => {
  const forgottenAt = new Map<string, number>();
  const intervalMs = windowMs / max;
  const keep = (key: string, at: number): void => {
    forgottenAt.delete(key);
    for (const [oldest] of forgottenAt.size >= keysMax ? forgottenAt.entries().take(1) : []) forgottenAt.delete(oldest);
    forgottenAt.set(key, at);
  };
  return {
    count: (key) => {
      const at = now();
      const next = Math.max(forgottenAt.get(key) ?? 0, at) + intervalMs;
      if (next - at > windowMs) return next - at - windowMs;
      keep(key, next);
      return 0;
    },
    giveBack: (key) => {
      const known = forgottenAt.get(key);
      if (known !== undefined) forgottenAt.set(key, known - intervalMs);
    },
    forget: (key) => {
      forgottenAt.delete(key);
    },
  };
};

/** Whoever has one IPv6 address has the whole network of 64 bits around it: that is what counts as one place. */
export const placeOf = (address: string | null): string => {
  const known = address === null ? undefined : parseAddress(address);
  if (known === undefined) return 'unknown';
  if (!known.includes(':')) return known;
  const [head = '', tail = ''] = known.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === '' ? [] : tail.split(':');
  const groups = [...front, ...Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back];
  return `${groups.slice(0, 4).join(':')}::/64`;
};
