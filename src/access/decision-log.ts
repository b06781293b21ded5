import { sql as expression } from 'kysely';
import { firstIdAt } from '../kernel/index.ts';
import type { Sql } from '../platform/index.ts';
import type { Wanted } from './rules/types.ts';
import type { AccessTables } from './tables.ts';

/** Requests that wanted the same on behalf of the same principal, with their number. */
export type RecordedRequests = {
  readonly userId: string | null;
  readonly groupId: string | null;
  readonly wanted: Wanted;
  readonly count: number;
};

/** How many distinct kinds of request are replayed at most. */
const KINDS_MAX = 100_000;

/** How many servers and tools of a request are kept: enough to tell what it was, and no list of hundreds with each row. */
const TOOLS_KEPT_MAX = 20;

/** What of a request is kept for replaying it: only what was sent. */
export const packWanted = (wanted: Wanted): string =>
  JSON.stringify({
    m: wanted.model,
    ...(wanted.effort === undefined ? {} : { e: wanted.effort }),
    ...(wanted.messageEfforts.length === 0 ? {} : { n: wanted.messageEfforts }),
    ...(wanted.thinkingBudget === null ? {} : { b: wanted.thinkingBudget }),
    ...(wanted.fallbackModels.length === 0 ? {} : { f: wanted.fallbackModels }),
    ...(wanted.product === 'api' ? {} : { p: wanted.product }),
    ...(wanted.capabilities.length === 0 ? {} : { c: wanted.capabilities }),
    ...(wanted.servers.length === 0 ? {} : { s: wanted.servers.slice(0, TOOLS_KEPT_MAX) }),
    ...(wanted.tools.length === 0
      ? {}
      : { t: wanted.tools.slice(0, TOOLS_KEPT_MAX).map(({ server, tool }) => [server, tool]) }),
  });

const unpackWanted = (text: string): Wanted => {
  const packed = JSON.parse(text) as {
    m: string;
    e?: string | null;
    n?: (string | null)[];
    b?: number;
    f?: string[];
    p?: Wanted['product'];
    c?: Wanted['capabilities'];
    s?: Wanted['servers'];
    t?: [string, string][];
  };
  return {
    model: packed.m,
    effort: packed.e,
    messageEfforts: packed.n ?? [],
    thinkingBudget: packed.b ?? null,
    fallbackModels: packed.f ?? [],
    product: packed.p ?? 'api',
    capabilities: packed.c ?? [],
    servers: packed.s ?? [],
    tools: (packed.t ?? []).map(([server, tool]) => ({ server, tool })),
  };
};

/** Requests that are counted at a time: to put few in order, SQLite takes less for each than for many. */
const STRETCH = 50_000;

/** SQLite puts 500 queries together at most. */
const STRETCHES_MAX = 400;

/** The requests from an id on in stretches of ids; the last one has no end. */
const readStretches = async (
  sql: Sql,
  first: string,
  length: number,
): Promise<readonly { readonly from: string; readonly until: string | null }[]> => {
  const starts = [first];
  for (let from = first; starts.length < STRETCHES_MAX; ) {
    const next = await sql
      .tables<AccessTables>()
      .selectFrom('request_log')
      .select('id')
      .where('id', '>=', from)
      .orderBy('id')
      .limit(1)
      .offset(length)
      .executeTakeFirst();
    if (next === undefined) break;
    from = next.id;
    starts.push(from);
  }
  return starts.map((from, at) => ({ from, until: starts[at + 1] ?? null }));
};

/** The requests since a time, gathered by what they wanted; the most frequent first when there are too many kinds. */
export const readRecordedRequests = async (
  sql: Sql,
  since: number,
  stretch = STRETCH,
): Promise<{ readonly recorded: readonly RecordedRequests[]; readonly truncated: boolean }> => {
  const tables = sql.tables<AccessTables>();
  // Counted by kind first: what thousands of requests have in common is looked at once.
  const stretches = (await readStretches(sql, firstIdAt('request', since), stretch)).map(({ from, until }) => {
    const counted = tables
      .selectFrom('request_log')
      .select(['user_id', 'kind_id', (row) => row.fn.countAll<number>().as('requests')])
      .where('id', '>=', from)
      // In this order, or SQLite finds the members in an index and the kinds all over the table.
      .groupBy(['kind_id', 'user_id']);
    return until === null ? counted : counted.where('id', '<', until);
  });
  const rows = await tables
    .selectFrom(stretches.reduce((all, one) => all.unionAll(one)).as('counted'))
    .innerJoin('request_kinds', 'request_kinds.id', 'counted.kind_id')
    .select([
      'counted.user_id',
      'request_kinds.group_id',
      'request_kinds.wanted',
      (row) => row.fn.sum<number>('counted.requests').as('count'),
    ])
    .where('request_kinds.endpoint', 'in', ['messages', 'batch_item'])
    .groupBy(['counted.user_id', 'request_kinds.group_id', 'request_kinds.wanted'])
    .orderBy(expression`sum(counted.requests)`, 'desc')
    .limit(KINDS_MAX + 1)
    .execute();
  const unpacked = new Map<string, Wanted>();
  const wantedIn = (text: string): Wanted => {
    const wanted = unpacked.get(text) ?? unpackWanted(text);
    unpacked.set(text, wanted);
    return wanted;
  };
  const recorded = rows.slice(0, KINDS_MAX).map((row) => ({
    userId: row.user_id,
    groupId: row.group_id,
    wanted: wantedIn(row.wanted),
    count: Number(row.count),
  }));
  return { recorded, truncated: rows.length > KINDS_MAX };
};
