import { types } from 'pg';

const { BOOL, INT8, NUMERIC } = types.builtins;

/** Sums and counts are int8 or numeric on PostgreSQL; here they are numbers, as SQLite gives them. */
const toNumber = (text: string): number => {
  const number = Number(text);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) throw new RangeError(`${text} is beyond 2^53`);
  return number;
};

const toBit = (text: string): number => (text === 't' ? 1 : 0);

const parsers = new Map<number, (text: string) => number>([
  [INT8, toNumber],
  [NUMERIC, toNumber],
  [BOOL, toBit],
]);

/** How values come back, for our connections only: every number is a number and a boolean is 0 or 1, as on SQLite. */
export const resultTypes = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(id)) ??
    types.getTypeParser(id, format)) as typeof types.getTypeParser,
};
