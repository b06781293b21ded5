/** A reading may be this many times as old as it took, so that no report is worth more than a few percent of a reader. */
const AGE_PER_EFFORT = 20;
const AGE_MS_MAX = 60_000;
const KEPT_MAX = 12;

type Kept<T> = { readonly reading: Promise<T>; until: number };

/**
 * Keeps what takes long to read: whoever asks for the same shares a reading that is under way, and one that took long is
 * reused for a while (twenty times as long as it took, a minute at most). What is read in a moment is read every time.
 */
export const createRemember = <T>(nowMs: () => number) => {
  const kept = new Map<string, Kept<T>>();
  return (key: string, read: () => Promise<T>): Promise<T> => {
    const startedAt = nowMs();
    const known = kept.get(key);
    if (known !== undefined && known.until > startedAt) return known.reading;
    const reading = read();
    const one: Kept<T> = { reading, until: Number.POSITIVE_INFINITY };
    kept.delete(key);
    kept.set(key, one);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_MAX) break;
      kept.delete(oldest);
    }
    reading.then(
      () => {
        const tookMs = nowMs() - startedAt;
        one.until = nowMs() + Math.min(AGE_MS_MAX, tookMs * AGE_PER_EFFORT);
      },
      () => kept.delete(key),
    );
    return reading;
  };
};
