import { Refusal } from '../kernel/index.ts';

/** Epoch milliseconds as the APIs write times: RFC 3339 in UTC. */
export const toWireTime = (ms: number): string => new Date(ms).toISOString();

/** The refusal for an id that names nothing. */
export const notFound = (what: string, id: string): Refusal =>
  new Refusal('not_found', `There is no ${what} with the id ${id}.`);
