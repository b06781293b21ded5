import type { Database, Log, Sql } from '../../platform/index.ts';
import type { RateGate, Taking } from './gate/rate-gate.ts';
import { REFILLING_LIMITERS, type RefillingLimiter } from './rules/limiter.ts';
import type { RateTables } from './tables.ts';

/** How often nodes tell one another. */
const SHARE_MS = 1000;

/** What nobody has added to for so long is not remembered: by the readers first, so that none compares with what is gone. */
const READER_MS = 10 * 60_000;
const WRITER_MS = 2 * READER_MS;

/** Writings that follow one another within this long belong together. */
const SPELL_MS = 10_000;

const ROWS_PER_STATEMENT = 500;

const isLimiter = (text: string): text is RefillingLimiter => (REFILLING_LIMITERS as readonly string[]).includes(text);

type Row = RateTables['rate_takings'];
type Total = { readonly total: number; readonly at: number };

const keyOf = (row: Pick<Row, 'counted_as' | 'pool_id' | 'limiter'>): string =>
  `${row.counted_as}|${row.pool_id}|${row.limiter}`;

const upsert = async (sql: Sql, rows: readonly Row[]): Promise<void> => {
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT)
    await sql
      .tables<RateTables>()
      .insertInto('rate_takings')
      .values(rows.slice(at, at + ROWS_PER_STATEMENT))
      .onConflict((conflict) =>
        conflict.columns(['node', 'counted_as', 'pool_id', 'limiter']).doUpdateSet(({ ref }) => ({
          total: ref('excluded.total'),
          fresh: ref('excluded.fresh'),
          tick: ref('excluded.tick'),
        })),
      )
      .execute();
};

/** What one node tells the others: per bucket a total of this run, so that nothing is lost when a reading is missed. */
const createTeller = (options: SharingOptions) => {
  const { database, gate, node, now } = options;
  const totals = new Map<string, Total & { readonly fresh: number }>();
  /** What could not be written yet. */
  const waiting = new Map<string, Taking>();
  let lastTick = 0;

  const gather = (): void => {
    for (const taking of gate.news()) {
      const { countedAs, poolId, limiter, amount } = taking;
      const key = keyOf({ counted_as: countedAs, pool_id: poolId, limiter });
      waiting.set(key, { ...taking, amount: amount + (waiting.get(key)?.amount ?? 0) });
    }
  };

  return {
    tell: async (): Promise<void> => {
      gather();
      if (waiting.size === 0) return;
      // Readers ask for what is later than the last they saw of a node, so its ticks grow whatever its clock does.
      lastTick = Math.max(lastTick + 1, now());
      const rows = [...waiting].map(([key, { countedAs, poolId, limiter, amount }]) => {
        const before = totals.get(key);
        const total = (before?.total ?? 0) + amount;
        // A reader may have missed the last writings of a bucket it has never heard of.
        const fresh = before !== undefined && lastTick - before.at < SPELL_MS ? before.fresh + amount : amount;
        return { node, counted_as: countedAs, pool_id: poolId, limiter, total, fresh, tick: lastTick };
      });
      // In one transaction, so that a reader sees all rows of a tick or none.
      await database.transaction((sql) => upsert(sql, rows));
      waiting.clear();
      for (const row of rows) totals.set(keyOf(row), { total: row.total, fresh: row.fresh, at: row.tick });
    },
    forget: (before: number): void => {
      for (const [key, { at }] of totals) if (at < before) totals.delete(key);
    },
  };
};

/** What one node hears of the others. */
const createListener = ({ database, gate, node, now }: SharingOptions) => {
  /** The last tick seen of each node, and the last totals. */
  const ticks = new Map<string, number>();
  const seen = new Map<string, Total>();
  let isFirst = true;

  const readNews = (): Promise<readonly Row[]> =>
    database
      .tables<RateTables>()
      .selectFrom('rate_takings')
      .selectAll()
      .where('node', '<>', node)
      .where((is) =>
        is.or([
          ...[...ticks].map(([other, tick]) => is.and([is('node', '=', other), is('tick', '>', tick)])),
          ...(ticks.size === 0 ? [is.lit(true)] : [is('node', 'not in', [...ticks.keys()])]),
        ]),
      )
      .execute();

  const count = (row: Row): void => {
    const key = `${row.node}|${keyOf(row)}`;
    const before = seen.get(key);
    seen.set(key, { total: row.total, at: now() });
    // Of a total that was never seen before only what is fresh is sure to be of now; at the start not even that.
    const grown = before !== undefined ? row.total - before.total : isFirst ? 0 : row.fresh;
    if (grown !== 0 && isLimiter(row.limiter))
      gate.absorb({ countedAs: row.counted_as, poolId: row.pool_id, limiter: row.limiter, amount: grown });
  };

  return {
    hear: async (): Promise<void> => {
      for (const row of await readNews()) {
        count(row);
        ticks.set(row.node, Math.max(ticks.get(row.node) ?? 0, row.tick));
      }
      isFirst = false;
    },
    forget: (before: number): void => {
      for (const [key, { at }] of seen) if (at < before) seen.delete(key);
    },
  };
};

type SharingOptions = {
  readonly database: Database;
  readonly gate: Pick<RateGate, 'news' | 'absorb'>;
  /** This node in this run of it: totals start anew with it. */
  readonly node: string;
  readonly now: () => number;
};

/** How nodes learn what the others took from buckets. */
export type Sharing = {
  /** Tells and hears once; what a failed call did not do, the next one makes up for. */
  exchange(): Promise<void>;
  /** Forgets what nobody has added to for long, here and in the table. */
  forgetOld(): Promise<void>;
};

/** Lets nodes share what they took: each writes its totals and counts what those of the others grew by. */
export const createSharing = (options: SharingOptions): Sharing => {
  const { database, now } = options;
  const teller = createTeller(options);
  const listener = createListener(options);
  return {
    exchange: async () => {
      await teller.tell();
      await listener.hear();
    },
    forgetOld: async () => {
      listener.forget(now() - READER_MS);
      teller.forget(now() - WRITER_MS);
      await database
        .tables<RateTables>()
        .deleteFrom('rate_takings')
        .where('tick', '<', now() - WRITER_MS)
        .execute();
    },
  };
};

/** Exchanges once a second until the answer is called. */
export const startSharing = (sharing: Sharing, log: Log): (() => Promise<void>) => {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    await sharing
      .exchange()
      .catch((error: unknown) => log.warn({ err: error }, 'what nodes took of rate limits could not be shared'));
    if (!isStopped) wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      running = run();
    }, SHARE_MS);
    timer.unref();
  };
  // At once: what others have taken before this node serves anybody is what it must not count.
  running = run();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
};
