import { DAY_MS, type Day, dayOf, type Micros, Refusal } from '../kernel/index.ts';

const MICROS_PER_CENT = 10_000;

/** Cents as a decimal string with as many digits as it takes: 12345 micro-dollars are "1.2345". */
export const toCents = (micros: Micros): string => String(micros / MICROS_PER_CENT);

/** A day as `YYYY-MM-DD`. */
export const toDate = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** The day of a `YYYY-MM-DD`. */
export const fromDate = (date: string): Day => dayOf(Date.parse(date));

const CENTS_PER_USD = 100;

/** Cents as the wire writes them, in US dollars for a file: as many digits as it takes, and no sign of the currency. */
export const centsToUsd = (cents: string): string => String(Number(cents) / CENTS_PER_USD);

/** An amount in US dollars for a file. */
export const toUsd = (micros: Micros): string => centsToUsd(toCents(micros));

/** The refusal of a query or body whose parts do not fit together. */
export const notValid = (sentence: string): Refusal => new Refusal('invalid_request', sentence);

/** Epoch milliseconds as the APIs write times: RFC 3339 in UTC. */
export const toWireTime = (ms: number): string => new Date(ms).toISOString();
