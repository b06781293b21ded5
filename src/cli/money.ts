import { CENTS, centsOf, formatUsd, MICROS_PER_USD, microsOfCents } from '../kernel/index.ts';
import { UsageMistake } from './failure.ts';

const CENTS_PER_DOLLAR = 100;

/** Cents as the wire writes them, in US dollars for people: `-150` is `-$1.50`. */
export const dollars = (cents: string): string => {
  const usd = Number(cents) / CENTS_PER_DOLLAR;
  const text = Math.abs(usd).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${usd < 0 ? '-' : ''}$${text}`;
};

/** The day that it is now (UTC), as `YYYY-MM-DD`. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** The word for an amount without end. */
export const UNLIMITED = 'unlimited';

/** Cents of the Spend Limits API as people read them, however small; null is unlimited. */
export const inDollars = (cents: string | null): string =>
  cents === null ? UNLIMITED : formatUsd(microsOfCents(cents));

/** Dollars as the APIs take them, in cents. Throws {@link UsageMistake} for what is no amount. */
export const centsOfDollars = (given: string): string => {
  const text = given.trim().replace(/^\$/, '');
  const cents = text === '' ? '' : centsOf(Math.round(Number(text) * MICROS_PER_USD));
  if (!CENTS.test(cents)) throw new UsageMistake(`“${given}” is no number of dollars, such as 50 or 12.50.`);
  return cents;
};

/** Dollars, or `unlimited`, which is null. */
export const centsOrUnlimited = (given: string): string | null => {
  if (given.trim() === UNLIMITED) return null;
  try {
    return centsOfDollars(given);
  } catch {
    throw new UsageMistake(`“${given}” is no number of dollars, such as 50 or 12.50, and not ${UNLIMITED}.`);
  }
};
