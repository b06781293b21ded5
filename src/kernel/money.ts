/** Money is an integer number of micro-dollars: 1 USD = 1,000,000. Safe in a double up to nine billion dollars. */
export type Micros = number;

export const MICROS_PER_USD = 1_000_000;

/** `1234567` → `$1.23`; amounts under a cent keep four significant decimals, so that a small request is not "$0.00". */
export const formatUsd = (micros: Micros): string => {
  const usd = micros / MICROS_PER_USD;
  const digits = micros !== 0 && Math.abs(usd) < 0.01 ? 6 : 2;
  return usd.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
};

/** One cent in micro-dollars. */
export const MICROS_PER_CENT = 10_000;

/** Amounts on the wire of the Spend Limits API: cents as a decimal string, with three decimals at most (`"50000"` is $500.00). */
export const CENTS = /^\d{1,11}(?:\.\d{1,3})?$/;

/** Cents as the wire has them, of an amount: thousandths of a cent at most, rounded to the nearest. */
export const centsOf = (micros: Micros): string => {
  const thousandths = Math.round(micros / 10);
  const text = (Math.abs(thousandths) / 1000).toFixed(3).replace(/\.?0+$/, '');
  return thousandths < 0 ? `-${text}` : text;
};

/** The amount that a string of {@link CENTS} names. */
export const microsOfCents = (cents: string): Micros => Math.round(Number(cents) * MICROS_PER_CENT);
