import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../tests/support/postgres.ts';
import { openAccess } from '../../access/testing/open-access.ts';
import { dayOf } from '../../kernel/index.ts';
import { type Database, openDatabase } from '../../platform/index.ts';
import { spendMigrations } from '../migrations.ts';
import type { Reserve, Verdict } from './ledger.ts';
import { openSharedLedger } from './shared-ledger.ts';
import type { LedgerTables } from './tables.ts';

const NOON = Date.UTC(2026, 10, 2, 12);

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop(), 60_000);

const ASK: Reserve = {
  requestId: 'req_1',
  startedAt: NOON,
  expiresAt: NOON + 60_000,
  bounds: {
    ceilings: [
      {
        limitId: 'spl_1',
        scope: { type: 'user', userId: 'user_1' },
        account: 'user:user_1',
        period: 'monthly',
        amountMicros: 5_000_000,
        mode: 'standard',
        ladder: [],
      } as Reserve['bounds']['ceilings'][number],
    ],
    included: null,
  },
  expectedMicros: 1000,
  worst: 'unbounded',
  maxTokens: 100,
  minTokens: 100,
};

it('takes back what was held by a commit that nobody heard of', async () => {
  const database = await openDatabase({ url: await server.createDatabase() });
  onTestFinished(() => database.close());
  const { policy } = await openAccess(database, spendMigrations);
  onTestFinished(() => policy.close());
  let lost = 1;
  const losing: Database = {
    ...database,
    transaction: async (run) => {
      const answer = await database.transaction(run);
      if (lost-- > 0) throw new Error('The answer to the commit was lost');
      return answer;
    },
  };
  const state = async () => {
    const tables = database.tables<LedgerTables>();
    const held = await tables.selectFrom('reservations').select('request_id').execute();
    const lines = await tables
      .selectFrom('spend_counters')
      .select('open_micros')
      .where('day', '=', dayOf(NOON))
      .execute();
    return { held: held.length, open: lines.reduce((sum, { open_micros }) => sum + open_micros, 0) };
  };
  const ledger = openSharedLedger(losing, 'node-1');
  const verdict = await new Promise<Verdict>((resolve) => ledger.reserve(ASK, resolve));
  expect(verdict.effect).toBe('unknown');
  expect(await state()).toEqual({ held: 1, open: 1000 });
  await expect.poll(state, { timeout: 5000 }).toEqual({ held: 0, open: 0 });
}, 30_000);
