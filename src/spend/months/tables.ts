/**
 * What accounts spent in whole months, so that reports over many people read one row of each. Made from the counters
 * (`spend_counters`) and of no authority beside them: what is missing or no longer true is read from the counters.
 */
export type MonthTables = {
  /** Sums by account. A generation is written once, as a whole, and never changed. */
  spend_months: { generation: string; account: string; settled_micros: number };
  /** A month by its first day: which generation counts, if any, and what it was made of. */
  spend_month_states: {
    month: number;
    /** The generation in use; null while there is none. */
    generation: string | null;
    /** It sums the days from `month` until this one (exclusive). */
    until: number;
    /** What the organisation's counters of those days came to when it was made: another sum, and it is out of date. */
    total_micros: number;
    /** How often somebody has said that counters of its days were moved against one another, which their total does not show. */
    touched: number;
    published_at: number;
    /** The generation before, which readings may still be on. */
    former: string | null;
    /** The generation that is being made, by whoever holds the claim. */
    building: string | null;
    claimed_until: number;
  };
};
