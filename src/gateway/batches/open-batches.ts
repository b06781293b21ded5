import type { GatewayDeps } from '../deps.ts';
import { objectStore } from '../objects/store.ts';
import type { UpstreamObject } from '../tables.ts';
import { createChargeBatch } from './charge-batch.ts';
import { entryStore } from './entry-store.ts';

/** The batches that still have to be charged. */
export type OpenBatches = {
  /** Records a batch that was just created, and that its entries are to be charged. */
  add(batch: UpstreamObject): Promise<void>;
  /**
   * Charges a batch now if it has ended and has not been charged. Rejects when that was needed and could not be done;
   * then it is tried again in its turn.
   */
  settle(batch: UpstreamObject): Promise<void>;
  /** Looks at the batches whose turn it is. */
  checkDue(): Promise<void>;
  /** Breaks off what is being read; it is read again after the next start. */
  stop(): void;
};

const CHECKED_AT_ONCE = 50;
const WAIT_MS_MIN = 5_000;
const WAIT_MS_MAX = 300_000;

/** A batch is looked at after a tenth of its age again: soon at first, every five minutes in the end. */
const waitAfter = (ageMs: number): number => Math.min(WAIT_MS_MAX, Math.max(WAIT_MS_MIN, ageMs / 10));

/** Keeps track of open batches in the database, so that none is forgotten over a restart or charged by two at once. */
export const createOpenBatches = (
  deps: Pick<GatewayDeps, 'database' | 'recorder' | 'ask' | 'upstreams' | 'now' | 'log'>,
): OpenBatches => {
  const { database, log, now } = deps;
  const stopped = new AbortController();
  const charge = createChargeBatch(deps, stopped.signal);
  const underWay = new Map<string, Promise<boolean>>();

  const chargeOnce = (batch: UpstreamObject): Promise<boolean> => {
    const charging = underWay.get(batch.id) ?? charge(batch).finally(() => underWay.delete(batch.id));
    underWay.set(batch.id, charging);
    return charging;
  };

  return {
    add: (batch) =>
      database.transaction(async (sql) => {
        await objectStore(sql).add(batch);
        await entryStore(sql).open(batch.id, batch.created_at + WAIT_MS_MIN);
      }),
    settle: async (batch) => {
      if (await entryStore(database).isOpen(batch.id)) await chargeOnce(batch);
    },
    checkDue: async () => {
      const entries = entryStore(database);
      for (const { next_check_at: seen, ...batch } of await entries.listDue(now(), CHECKED_AT_ONCE)) {
        if (stopped.signal.aborted) return;
        const next = Math.round(now() + waitAfter(now() - batch.created_at));
        if (!(await entries.postpone(batch.id, seen, next))) continue;
        await chargeOnce(batch).catch((error: unknown) => {
          if (!stopped.signal.aborted)
            log.warn({ err: error, batch: batch.id }, 'a batch could not be charged yet; it is tried again');
        });
      }
    },
    stop: () => stopped.abort(new Error('Remit is stopping')),
  };
};
