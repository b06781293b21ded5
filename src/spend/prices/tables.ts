/** The tables of the price book. Times are epoch milliseconds, UTC; days are `YYYY-MM-DD`; JSON is text. */
export type PriceTables = {
  price_rules: PriceRuleRow;
  price_books: {
    version: string;
    /** Grows by one with each change of rules; 0 for a book as it was shipped. */
    number: number;
    made_at: number;
    made_by: string | null;
    /** JSON: the whole book, so that what was charged by it can be reckoned again. */
    book: string;
  };
  reratings: ReratingRow;
};

export type PriceRuleRow = {
  id: string;
  kind: 'discount' | 'multiplier' | 'price';
  scope_type: 'all' | 'family' | 'model';
  /** The family or the model; empty for all. */
  scope: string;
  from_day: string;
  until_day: string | null;
  /** JSON: what the kind says of a price. */
  effect: string;
  created_at: number;
  created_by: string | null;
};

/** A re-rating of a period, from when it was booked; its totals grow with each chunk until it has ended. */
export type ReratingRow = {
  id: string;
  price_book: string;
  /** Days since 1970-01-01, UTC: the first, and the one after the last. */
  from_day: number;
  until_day: number;
  started_at: number;
  started_by: string | null;
  ended_at: number | null;
  /** The last request that has been looked at; empty before the first. */
  position: string;
  rows_seen: number;
  rows_changed: number;
  rows_left: number;
  before_micros: number;
  after_micros: number;
};
