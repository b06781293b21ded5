import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import { BY_OWNER } from '../../../directory/testing/open-directory.ts';
import { dayOf } from '../../../kernel/index.ts';
import type { Database, Sql } from '../../../platform/index.ts';
import { adjustCosts, type CostChange, moveAdjusted } from '../../ledger/adjust-costs.ts';
import { readSums } from '../../ledger/counter-store.ts';
import { standingAccounts } from '../../ledger/rules/account.ts';
import { trueUp } from '../../ledger/true-up.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import type { SpendTables } from '../../tables.ts';
import { createRule } from '../change-rules.ts';
import type { PriceTables } from '../tables.ts';
import { openPrices } from '../testing/open-prices.ts';
import { fromWireRule } from '../wire.ts';
import { bookRerating } from './book-rerating.ts';
import { continueRerating } from './continue-rerating.ts';

/** Two writers of one row's cost: whoever comes second changes what the first has left, or nothing. */

const NOON = Date.UTC(2026, 10, 2, 12);
const TODAY = dayOf(NOON);
const OPUS = 'claude-opus-5-5';
const OCTOBER_AND_TODAY = { starting_date: '2026-10-01', ending_date: '2026-11-03' };
const SPENDER = { userId: 'user_1', groupId: null, keyId: 'apikey_1', workspaceId: null, modelId: OPUS };

const openWithEstimate = async (database: Database) => {
  const at = await openPrices(database);
  onTestFinished(() => at.close());
  // Charged 4 dollars as long as nobody has said how much was used; 2 dollars are what it comes to.
  const id = await at.end({ at: NOON, model: OPUS, usage: { inputTokens: 1_000_000 } });
  await database.tables<SpendTables>().updateTable('usage').set({ settled_as: 'expired' }).execute();
  const [estimate] = await at.readUsage();
  if (estimate === undefined) throw new Error('There is no estimate');
  const real = {
    ...estimate,
    settled_as: 'settled' as const,
    input_tokens: 500_000,
    cost_micros: estimate.cost_micros / 2,
  };
  const end = {
    standing: standingAccounts(SPENDER),
    reservation: null,
    startedDay: TODAY,
    costMicros: real.cost_micros,
  };
  const halve = async () => {
    const rule = {
      kind: 'discount',
      scope: { type: 'all' },
      percent: '50',
      starting_date: '2026-10-01',
    } as const;
    await createRule(at.rerating)(fromWireRule(rule), BY_OWNER);
    await at.prices.refresh();
    await bookRerating(at.rerating)(OCTOBER_AND_TODAY, BY_OWNER);
  };
  const state = async () => {
    const sums = await readSums(database, ['user:user_1'], { from: TODAY, until: TODAY + 1 });
    const { drifts } = await verifyLedger(database, { from: 0, until: TODAY + 2 });
    const usage = (await at.readUsage()).map(({ cost_micros, input_tokens }) => ({ cost_micros, input_tokens }));
    return { usage, spent: sums.get('user:user_1')?.settledMicros, drifts };
  };
  const trueUpOn = (on: Database) => trueUp(on, real, end);
  return { ...at, id, estimate, halve, state, trueUpOn };
};

/** A database whose transactions begin or end as a test wants them to. */
const meetingOn = (database: Database, transaction: Database['transaction']): Database => ({
  ...database,
  transaction,
});

const reratingOf = (database: Database) =>
  database.tables<PriceTables>().selectFrom('reratings').selectAll().executeTakeFirstOrThrow();

/** Long enough for a statement to have met a row that another transaction is writing. */
const MEETING_MS = 200;

/** A database whose transactions do all they do, and commit when they are told to. */
const lingerOn = (database: Database) => {
  const [isWritten, written] = signal();
  const [mayCommit, commit] = signal();
  const lingering = meetingOn(database, (run) =>
    database.transaction(async (sql) => {
      const answer = await run(sql);
      written();
      await mayCommit;
      return answer;
    }),
  );
  return { lingering, isWritten, commit };
};

const signal = (): readonly [Promise<void>, () => void] => {
  const { promise, resolve } = Promise.withResolvers<void>();
  return [promise, resolve];
};

/** What half of the real usage's 2 dollars leaves behind. */
const REAL_AND_HALVED = {
  usage: [{ cost_micros: 1_000_000, input_tokens: 500_000 }],
  spent: 1_000_000,
  drifts: [],
};

forEachDatabase((_engine, open) => {
  it('re-rates the real end of a request that took the place of its estimate after that had been read', async () => {
    const database = await open();
    const at = await openWithEstimate(database);
    await at.halve();
    const meeting = meetingOn(database, async (run) => {
      await at.trueUpOn(database);
      return database.transaction(run);
    });
    await continueRerating({ ...at.rerating, database: meeting })();
    expect(await at.state()).toEqual(REAL_AND_HALVED);
    expect(await reratingOf(database)).toMatchObject({
      rows_seen: 1,
      rows_changed: 1,
      before_micros: 2_000_000,
      after_micros: 1_000_000,
    });
  });

  it('waits for a real end that is being written, and re-rates that', async () => {
    const database = await open();
    const at = await openWithEstimate(database);
    await at.halve();
    const { lingering, isWritten, commit } = lingerOn(database);
    const truedUp = at.trueUpOn(lingering);
    await isWritten;
    const meeting = meetingOn(database, (run) => {
      setTimeout(commit, MEETING_MS);
      return database.transaction(run);
    });
    await continueRerating({ ...at.rerating, database: meeting })();
    await truedUp;
    expect(await at.state()).toEqual(REAL_AND_HALVED);
  });

  it('puts a real end in the place of an estimate that is being re-rated', async () => {
    const database = await open();
    const at = await openWithEstimate(database);
    await at.halve();
    const { lingering, isWritten, commit } = lingerOn(database);
    const rerated = continueRerating({ ...at.rerating, database: lingering })();
    await isWritten;
    const truedUp = at.trueUpOn(database);
    setTimeout(commit, MEETING_MS);
    await rerated;
    await truedUp;
    // By the book that was in force when it ended.
    expect(await at.state()).toEqual({
      usage: [{ cost_micros: 2_000_000, input_tokens: 500_000 }],
      spent: 2_000_000,
      drifts: [],
    });
  });

  it('changes a cost once when two re-ratings have read it', async () => {
    const database = await open();
    const at = await openWithEstimate(database);
    const change: CostChange = {
      requestId: at.id,
      spender: SPENDER,
      day: TODAY,
      fromMicros: 4_000_000,
      costMicros: 3_000_000,
      priced: true,
      priceBook: 'another',
    };
    const adjust = (costMicros: number) =>
      database.transaction(async (sql: Sql) => {
        const { ids, moves } = await adjustCosts(sql, [{ ...change, costMicros }]);
        await moveAdjusted(sql, moves);
        return ids.size;
      });
    const changed = await Promise.all([adjust(3_000_000), adjust(1_000_000)]);
    expect(changed.reduce((sum, size) => sum + size)).toBe(1);
    const cost = changed[0] === 1 ? 3_000_000 : 1_000_000;
    expect(await at.state()).toEqual({
      usage: [{ cost_micros: cost, input_tokens: 1_000_000 }],
      spent: cost,
      drifts: [],
    });
  });

  it('books a piece once that two nodes have read', async () => {
    const database = await open();
    const at = await openWithEstimate(database);
    await at.end({ at: NOON + 1, model: OPUS, usage: { inputTokens: 1_000_000 } });
    await at.halve();
    const deps = { ...at.rerating, rowsPerChunk: 1 };
    let transactions = 0;
    let looks = 0;
    const meeting = meetingOn(database, async (run) => {
      transactions += 1;
      if (transactions === 1) await continueRerating(deps)(() => looks++ > 0);
      return database.transaction(run);
    });
    await continueRerating({ ...deps, database: meeting })();
    const halved = { cost_micros: 2_000_000, input_tokens: 1_000_000 };
    expect(await at.state()).toEqual({ usage: [halved, halved], spent: 4_000_000, drifts: [] });
    expect(await reratingOf(database)).toMatchObject({ rows_seen: 2, rows_changed: 2 });
  });
});
