/** A bucket that fills at `perSecond` up to `burst`; taking from it when it is empty tells how long to wait. */
export type RateLimit = {
  /** 0 when one may go on, else the seconds to wait. */
  take(key: string): number;
};

type Bucket = { left: number; at: number };

const KEYS_MAX = 10_000;

/** Limits how often something may be done per key. `now` is in epoch milliseconds. */
export const createRateLimit = (
  { perSecond, burst }: { readonly perSecond: number; readonly burst: number },
  now: () => number,
): RateLimit => {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (key: string): Bucket => {
    const known = buckets.get(key);
    if (known !== undefined) return known;
    if (buckets.size >= KEYS_MAX) buckets.clear();
    const bucket = { left: burst, at: now() };
    buckets.set(key, bucket);
    return bucket;
  };
  return {
    take: (key) => {
      const bucket = bucketOf(key);
      const at = now();
      bucket.left = Math.min(burst, bucket.left + (Math.max(0, at - bucket.at) / 1000) * perSecond);
      bucket.at = at;
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / perSecond);
      bucket.left -= 1;
      return 0;
    },
  };
};
