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
