/** How long a cached prefix lives: `ephemeral` with `ttl: 5m` or `1h`. */
export type Ttl = '5m' | '1h';

/** The prefixes of prompts seen lately. A prefix read in time lives on for its full time again. */
export type PromptCache = {
  /** Whether the prefix is alive; if it is, its time starts anew. */
  readonly touch: (prefix: string) => boolean;
  /** Remembers a prefix for `ttl`. */
  readonly store: (prefix: string, ttl: Ttl) => void;
};

const LIFE_MS: Readonly<Record<Ttl, number>> = { '5m': 5 * 60_000, '1h': 60 * 60_000 };
const PREFIXES_MAX = 10_000;

/** A cache of at most `prefixesMax` prefixes; the one unused for longest leaves first. */
export const createPromptCache = (now: () => number, prefixesMax = PREFIXES_MAX): PromptCache => {
  const entries = new Map<string, { ttl: Ttl; expiresMs: number }>();
  const store = (prefix: string, ttl: Ttl): void => {
    entries.delete(prefix);
    entries.set(prefix, { ttl, expiresMs: now() + LIFE_MS[ttl] });
    const oldest = entries.keys().next().value;
    if (entries.size > prefixesMax && oldest !== undefined) entries.delete(oldest);
  };
  const touch = (prefix: string): boolean => {
    const entry = entries.get(prefix);
    if (entry === undefined) return false;
    if (entry.expiresMs <= now()) {
      entries.delete(prefix);
      return false;
    }
    store(prefix, entry.ttl);
    return true;
  };
  return { touch, store };
};
