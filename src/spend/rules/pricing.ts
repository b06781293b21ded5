import { type Charge, type ChargeQuestion, createCharge, createPriceAt } from './charge.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceAnswer } from './price-of.ts';

/** A price book, and all that is asked of it at the speed of the hot path; one book in every part. */
export type Pricing = {
  readonly book: PriceBook;
  readonly charge: (question: ChargeQuestion) => Charge;
  readonly priceAt: (model: string | null, at: number) => PriceAnswer;
};

/** Prepares a book for charging. */
export const createPricing = (book: PriceBook): Pricing => ({
  book,
  charge: createCharge(book),
  priceAt: createPriceAt(book),
});
