import { centsOf, formatUsd, MICROS_PER_USD, microsOfCents } from '../../../kernel/index.ts';

/** Dollars of a file as cents of the API. */
export const toCents = (dollars: number): string => centsOf(Math.round(dollars * MICROS_PER_USD));

/** Cents of the API as dollars of a file. */
export const toDollars = (cents: string): number => microsOfCents(cents) / MICROS_PER_USD;

/** Cents of the API as people read them; null is unlimited. */
export const inDollars = (cents: string | null): string =>
  cents === null ? 'unlimited' : formatUsd(microsOfCents(cents));
