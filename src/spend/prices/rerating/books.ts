import type { Sql } from '../../../platform/index.ts';
import { createCharge } from '../../rules/charge.ts';
import { priceStore } from '../store.ts';
import type { ChargeBy, ChargedRow } from './rules/rate-again.ts';

/** Charges by the books of the past, each read once. */
export const createBooks = () => {
  const known = new Map<string, ChargeBy | undefined>();
  return {
    /** Reads the books that some rows were charged by. */
    readFor: async (sql: Sql, rows: readonly Pick<ChargedRow, 'book'>[]): Promise<void> => {
      for (const version of new Set(rows.map(({ book }) => book))) {
        if (known.has(version)) continue;
        const book = await priceStore(sql).findBook(version);
        known.set(version, book === undefined ? undefined : createCharge(book));
      }
    },
    chargeBy: (version: string): ChargeBy | undefined => known.get(version),
  };
};
