/** The tables of rates. Times are epoch milliseconds, UTC. */
export type RateTables = {
  /** One row; without it the organisation is in no tier. */
  rate_tier: { singleton: number; tier: string; changed_at: number };
  /** Limits that were set: the organisation's custom numbers (`scope_id` empty), and lower ones. */
  rate_limits: {
    scope_type: string;
    scope_id: string;
    pool_id: string;
    limiter: string;
    value: number;
    changed_at: number;
  };
  /** What each running node has taken from its buckets, for the others; only on PostgreSQL. */
  rate_takings: {
    /** A node in one of its runs. */
    node: string;
    counted_as: string;
    pool_id: string;
    limiter: string;
    /** Taken by that node in this run of it. */
    total: number;
    /** What of it came lately, without a longer pause. */
    fresh: number;
    /** Grows with each writing of that node; about its clock. */
    tick: number;
  };
};
