import type { SpendDeps } from '../deps.ts';
import type { PricesInForce } from './open-price-book.ts';

/** What the operations about prices need. */
export type PriceDeps = Pick<SpendDeps, 'database' | 'changePolicy' | 'record' | 'now' | 'newId'> & {
  readonly prices: Pick<PricesInForce, 'pricing' | 'shipped'>;
};
