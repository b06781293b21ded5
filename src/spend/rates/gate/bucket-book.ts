import type { RefillingLimiter } from '../rules/limiter.ts';
import { type BucketName, RateBucket } from './rate-bucket.ts';

/** The buckets of this node, by name. */
export type BucketBook = {
  /** The bucket of this name, made when it is missing, with the limit that holds now. */
  open(name: BucketName, limit: number): RateBucket;
  find(countedAs: string, poolId: string, limiter: RefillingLimiter): RateBucket | undefined;
  /** Drops what nobody has used for `idleMs`, save the organisation's own; answers whether anything was dropped. */
  dropIdle(idleMs: number): boolean;
  all(): Iterable<RateBucket>;
};

const keyOf = (countedAs: string, poolId: string, limiter: string): string => `${countedAs}|${poolId}|${limiter}`;

/** An empty book. `ticks` is a clock that only goes forward, in milliseconds. */
export const createBucketBook = (ticks: () => number): BucketBook => {
  const buckets = new Map<string, RateBucket>();
  return {
    open: (name, limit) => {
      const key = keyOf(name.countedAs, name.poolId, name.limiter);
      const known = buckets.get(key);
      if (known !== undefined) {
        known.setLimit(limit, ticks());
        return known;
      }
      const bucket = new RateBucket(name, limit, ticks());
      buckets.set(key, bucket);
      return bucket;
    },
    find: (countedAs, poolId, limiter) => buckets.get(keyOf(countedAs, poolId, limiter)),
    dropIdle: (idleMs) => {
      const at = ticks();
      const before = buckets.size;
      for (const [key, bucket] of buckets) {
        const isOwn = bucket.name.scope.type === 'organization';
        if (!isOwn && at - bucket.lastUsedAt >= idleMs && bucket.usedAt(at) === 0) buckets.delete(key);
      }
      return buckets.size < before;
    },
    all: () => buckets.values(),
  };
};
