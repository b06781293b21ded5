import { type Capacity, usedAfter, usedUnder } from '../rules/bucket.ts';
import { LIMITERS, type Measure, type RefillingLimiter } from '../rules/limiter.ts';
import type { RateScope } from '../rules/scope.ts';

/** Which bucket: whose use, of which pool, by which limiter. */
export type BucketName = {
  readonly countedAs: string;
  readonly scope: RateScope;
  readonly poolId: string;
  readonly limiter: RefillingLimiter;
};

/** One bucket on this node. Times are of a clock that only goes forward, in milliseconds. */
export class RateBucket implements Capacity {
  readonly name: BucketName;
  readonly measure: Measure;
  /** Whether it is somebody's, and not the organisation's as a whole. */
  readonly isNarrow: boolean;
  readonly windowMs: number;
  limit: number;
  /** What was taken here since the other nodes were told; what was given back is subtracted. */
  untold = 0;
  /** Whether it waits to be told. */
  isNews = false;
  lastUsedAt: number;
  #used = 0;
  #at: number;
  #peak = 0;
  #earlierPeak = 0;

  constructor(name: BucketName, limit: number, at: number) {
    this.name = name;
    this.limit = limit;
    this.#at = at;
    this.lastUsedAt = at;
    const { measure, windowMs } = LIMITERS[name.limiter];
    this.measure = measure;
    this.isNarrow = name.scope.type !== 'organization';
    this.windowMs = windowMs;
  }

  /** What counted as used when it was last asked for. */
  get used(): number {
    return this.#used;
  }

  /** What counts as used now. */
  usedAt(at: number): number {
    this.#used = usedAfter(this.#used, at - this.#at, this);
    this.#at = at;
    return this.#used;
  }

  /** Takes so much, or gives it back when it is negative; may go beyond the limit. */
  add(amount: number, at: number): void {
    this.#used = Math.max(0, this.usedAt(at) + amount);
    this.lastUsedAt = at;
    if (this.#used > this.#peak) this.#peak = this.#used;
  }

  setLimit(limit: number, at: number): void {
    if (limit === this.limit) return;
    this.#used = usedUnder(this.usedAt(at), this.limit, limit);
    this.limit = limit;
  }

  /** The most that was used at a time in this spell and the one before. */
  get peak(): number {
    return Math.max(this.#peak, this.#earlierPeak);
  }

  /** Begins the next spell. */
  turnPeak(at: number): void {
    this.#earlierPeak = this.#peak;
    this.#peak = this.usedAt(at);
  }
}
