import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { waitFor } from '../../../tests/support/wait.ts';
import { type AccessTables, accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { dayOf, firstIdAt } from '../../kernel/index.ts';
import { createLog, migrate } from '../../platform/index.ts';
import {
  createPricing,
  DEFAULT_PRICE_BOOK,
  type Reserve,
  readSums,
  type SpendTables,
  spendMigrations,
  type Verdict,
  verifyLedger,
} from '../../spend/index.ts';
import { openSharedLedger } from '../../spend/ledger/shared-ledger.ts';
import type { LedgerTables } from '../../spend/ledger/tables.ts';
import { gatewayMigrations } from '../migrations.ts';
import { recoverInterrupted } from '../recover.ts';
import { createExpireReservations } from './expire.ts';

/** What was held for a request of which nothing else was written: its node died, or was cut off, between the two. */

const HOUR_MS = 3_600_000;
const PRICING = createPricing(DEFAULT_PRICE_BOOK);

forEachDatabase((_engine, open) => {
  const start = async () => {
    const database = await open();
    await migrate(database, [
      ...activityMigrations,
      ...directoryMigrations,
      ...accessMigrations,
      ...spendMigrations,
      ...gatewayMigrations,
    ]);
    const clock = { now: Date.UTC(2026, 10, 12, 9) };
    const now = () => clock.now;
    const ledger = openSharedLedger(database, 'one');
    const deps = { database, ledger, pricing: () => PRICING, now, log: createLog('silent') };
    const reserve = async () => {
      const ask: Reserve = {
        requestId: `${firstIdAt('request', now())}m00000000000000a`,
        startedAt: now(),
        expiresAt: now() + HOUR_MS,
        expectedMicros: 500,
        worst: 'unbounded',
        maxTokens: 10,
        minTokens: 1,
        bounds: {
          included: null,
          ceilings: [
            {
              ...{ limitId: 'spl_1', scope: { type: 'organization_total' }, account: 'organization', ladder: [] },
              ...{ period: 'monthly', amountMicros: 10_000, mode: 'standard' },
            },
          ],
        },
      };
      const verdict = await new Promise<Verdict>((resolve) => ledger.reserve(ask, resolve));
      if (verdict.effect !== 'granted' || verdict.reservation === null) throw new Error(verdict.effect);
      return verdict.reservation;
    };
    const held = async () =>
      (await readSums(database, ['organization'], { from: 0, until: dayOf(now()) + 1 })).get('organization')
        ?.openMicros;
    const tables = database.tables<LedgerTables & SpendTables & AccessTables>();
    const rows = async () => ({
      reservations: (await tables.selectFrom('reservations').select('request_id').execute()).length,
      usage: await tables.selectFrom('usage').select(['settled_as', 'cost_micros']).execute(),
    });
    const drifts = async () => (await verifyLedger(database, { from: 0, until: dayOf(now()) + 2 })).drifts;
    const expire = createExpireReservations({ ...deps, runningIds: () => [], waitingIds: () => [] });
    return { database, clock, ledger, deps, reserve, held, rows, drifts, expire };
  };

  const ENDED = { reservations: 1, usage: [{ settled_as: 'expired', cost_micros: 0 }] };

  it('is free when it has expired, and once: the node that comes back gives back nothing more', async () => {
    const { clock, ledger, reserve, held, rows, drifts, expire } = await start();
    const reservation = await reserve();
    await expire();
    expect(await held()).toBe(500);
    clock.now += HOUR_MS + 1;
    await expire();
    await expire();
    expect(await held()).toBe(0);
    expect(await rows()).toEqual(ENDED);
    ledger.release(reservation);
    // It is answered to nobody when that is done; another reservation comes behind it.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await held()).toBe(0);
    expect(await rows()).toEqual(ENDED);
    expect(await drifts()).toEqual([]);
  });

  it('is given back by its node when it is alive, and then has nothing left to expire', async () => {
    const { clock, ledger, reserve, held, rows, drifts, expire } = await start();
    ledger.release(await reserve());
    await waitFor('what was held', async () => (await held()) === 0);
    clock.now += HOUR_MS + 1;
    await expire();
    expect(await held()).toBe(0);
    expect(await rows()).toEqual({ reservations: 0, usage: [] });
    expect(await drifts()).toEqual([]);
  });

  it('is free as soon as its node starts again, and stays held while another one starts', async () => {
    const { deps, reserve, held, rows, drifts } = await start();
    await reserve();
    expect(await recoverInterrupted({ ...deps, node: 'two' })).toBe(0);
    expect(await held()).toBe(500);
    expect(await recoverInterrupted({ ...deps, node: 'one' })).toBe(1);
    expect(await held()).toBe(0);
    expect(await rows()).toEqual(ENDED);
    expect(await drifts()).toEqual([]);
  });
});
