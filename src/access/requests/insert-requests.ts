import type { Sql } from '../../platform/index.ts';
import { splitRequest } from './request-kind.ts';
import type { RequestRow, RequestTables } from './tables.ts';

/** Writes requests past the journal, with what they have in common: for what did not come in as a request. */
export const insertRequests = async (sql: Sql, requests: readonly RequestRow[]): Promise<void> => {
  if (requests.length === 0) return;
  const split = requests.map(splitRequest);
  const kinds = new Map(split.map(({ kind, log }) => [log.kind_id, { id: log.kind_id, ...kind }]));
  const tables = sql.tables<RequestTables>();
  await tables
    .insertInto('request_kinds')
    .values([...kinds.values()])
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tables
    .insertInto('request_log')
    .values(split.map(({ log }) => log))
    .execute();
};
