import { formatUsd, MICROS_PER_CENT, MICROS_PER_USD, type Micros } from '../../kernel/index.ts';

/** An amount as the wire has it, cents as a decimal string, in micro-dollars. */
const microsOf = (cents: string): Micros => Math.round(Number(cents) * MICROS_PER_CENT);

/** Cents in dollars, for calculations and charts: `"1250"` → `12.5`. */
export const dollarsOf = (cents: string): number => microsOf(cents) / MICROS_PER_USD;

/** Dollars as the wire has them: `12.5` → `"1250"`. */
export const centsOfDollars = (dollars: number): string => String(Math.round(dollars * 100_000) / 1000);

/** Dollars to the cent; whole ones from ten thousand on, and small ones as exactly as it takes to see them. */
export const formatDollars = (dollars: number): string =>
  Math.abs(dollars) >= 10_000
    ? dollars.toLocaleString('en-US', { style: 'currency', currency: 'USD', maximumFractionDigits: 0 })
    : formatUsd(Math.round(dollars * MICROS_PER_USD));

/** An amount of the wire for people: `"50000"` → `$500.00`. */
export const formatAmount = (cents: string): string => formatDollars(dollarsOf(cents));

/** What a limit allows, in words: null is unlimited. */
export const formatLimit = (cents: string | null): string => (cents === null ? 'Unlimited' : formatAmount(cents));

/** Dollars at the side of a chart, short: `1234` → `$1.2K`. */
export const formatAxisDollars = (dollars: number): string =>
  dollars.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    notation: dollars >= 1000 ? 'compact' : 'standard',
    minimumFractionDigits: 0,
    maximumFractionDigits: dollars >= 1000 ? 1 : dollars >= 10 ? 0 : 2,
  });

/** How much of a limit is used, in whole percent, rounded down; a limit of nothing is used up. */
export const percentOf = (used: string, limit: string): number => {
  const of = microsOf(limit);
  return of === 0 ? 100 : Math.floor((microsOf(used) / of) * 100);
};
