import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { waitFor } from '../../../tests/support/wait.ts';
import { accessMigrations } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { dayOf } from '../../kernel/index.ts';
import { type Database, type Journal, migrate } from '../../platform/index.ts';
import { type Bounds, type SpendTables, spendMigrations, USAGE, verifyLedger } from '../../spend/index.ts';
import { gatewayMigrations } from '../migrations.ts';
import { openLedgerNode, REQUEST_MS_MAX } from './testing/ledger-node.ts';

const BOUNDS: Bounds = {
  included: null,
  ceilings: [
    {
      ...{ limitId: 'spl_1', scope: { type: 'organization_total' }, account: 'organization', ladder: [] },
      ...{ period: 'monthly', amountMicros: 10_000_000, mode: 'standard' },
    },
  ],
};

forEachDatabase((_engine, open) => {
  it('a request that has ended here is not closed by an estimate while its row waits for the store', async () => {
    const database = await open();
    await migrate(database, [
      ...activityMigrations,
      ...directoryMigrations,
      ...accessMigrations,
      ...spendMigrations,
      ...gatewayMigrations,
    ]);
    let isFull = false;
    const append: Journal['append'] = (table, row, durable, more) => {
      if (!isFull || table !== USAGE) {
        database.journal.append(table, row, durable, more);
        return;
      }
      isFull = false;
      queueMicrotask(() => durable?.(new Error('the disk is full')));
    };
    const flaky: Database = { ...database, journal: { ...database.journal, append, flush: database.journal.flush } };
    let now = Date.UTC(2026, 10, 12, 9);
    const node = await openLedgerNode({ database: flaky, now: () => now, name: 'one' });
    onTestFinished(node.close);

    await node.begin({ userId: 'user_a', promptBytes: 400, maxTokens: 100 }, BOUNDS);
    await node.settle();
    isFull = true;
    node.end(0, 0.5);
    await node.settle();
    now += REQUEST_MS_MAX + 1;
    await node.expire();

    const usage = () => database.tables<SpendTables>().selectFrom('usage').select(['settled_as', 'outcome']).execute();
    await waitFor('the row', async () => {
      await node.settle();
      return (await usage()).length > 0;
    });
    expect(await usage()).toEqual([{ settled_as: 'settled', outcome: 'completed' }]);
    expect(await node.memoryDrift(['organization'])).toEqual([]);
    expect((await verifyLedger(database, { from: 0, until: dayOf(now) + 2 })).drifts).toEqual([]);
  });
});
