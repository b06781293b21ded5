import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import { BY_TEST } from '../../../directory/testing/open-directory.ts';
import { PREPAID, TIMELESS } from '../../ledger/rules/account.ts';
import type { LedgerTables } from '../../ledger/tables.ts';
import { openSpend } from '../../testing/open-spend.ts';
import { orderCredit, reloadPrepaid } from './order-credit.ts';

const CENT = 10_000;

forEachDatabase((_engine, open) => {
  const start = async () => {
    const ordered: unknown[] = [];
    const at = await openSpend(await open(), {
      decided: async () => undefined,
      ordered: async (_sql, { kind, amountMicros }) => void ordered.push([kind, amountMicros]),
    });
    onTestFinished(() => at.spendPolicy.close());
    const headers = await at.consoleOf(await at.add('owner', 'owner'));
    const ask = async (line: string, body?: unknown) =>
      (await at.send(line, { headers, ...(body === undefined ? {} : { body }) })).body;
    const spend = (micros: number) =>
      at.database
        .tables<LedgerTables>()
        .insertInto('spend_counters')
        .values({ account: PREPAID, day: TIMELESS, open_micros: CENT, settled_micros: micros - CENT })
        .execute();
    return { ...at, ask, spendCredit: spend, ordered };
  };
  const BALANCE = '/v1/organizations/prepaid';

  it('bounds spend by what was paid for, from the next request on, and only while it is in force', async () => {
    const { ask, spendPolicy, spendCredit, ordered } = await start();
    expect(await ask(`POST ${BALANCE}/orders`, { amount: '5000', note: 'invoice 7' })).toMatchObject({
      kind: 'purchase',
      amount: '5000',
      note: 'invoice 7',
    });
    expect(spendPolicy.rules.prepaid).toBeNull();
    await ask(`POST ${BALANCE}`, { is_enabled: true, mode: 'strict' });
    expect(spendPolicy.rules.prepaid).toEqual({ fundedMicros: 5000 * CENT, mode: 'strict' });
    await ask(`POST ${BALANCE}/orders`, { kind: 'adjustment', amount: '-200' });
    expect(spendPolicy.rules.prepaid).toMatchObject({ fundedMicros: 4800 * CENT });
    await spendCredit(300 * CENT);
    expect(await ask(`GET ${BALANCE}`)).toMatchObject({ funded: '4800', spent: '299', held: '1', balance: '4500' });
    const { data } = await ask(`GET ${BALANCE}/orders?limit=1`);
    expect(data).toMatchObject([{ kind: 'adjustment', amount: '-200' }]);
    expect(ordered).toEqual([['purchase', 5000 * CENT]]);
    await ask(`POST ${BALANCE}`, { is_enabled: false });
    expect(spendPolicy.rules.prepaid).toBeNull();
  });

  it('buys credit by itself below the threshold, up to the maximum of the month, once for all nodes', async () => {
    const { ask, spend, spendCredit, clock, ordered } = await start();
    const auto_reload = { is_enabled: true, threshold: '1000', amount: '600', monthly_maximum: '1500' };
    await ask(`POST ${BALANCE}`, { is_enabled: true, auto_reload });
    await orderCredit(spend)({ kind: 'adjustment', amountMicros: 500 * CENT, note: null }, BY_TEST);
    const looks = await Promise.all([reloadPrepaid(spend)(), reloadPrepaid(spend)(), reloadPrepaid(spend)()]);
    expect(looks.filter(Boolean)).toHaveLength(1);
    expect(await ask(`GET ${BALANCE}`)).toMatchObject({ balance: '1100', reloaded_this_month: '600' });
    await spendCredit(700 * CENT);
    expect([await reloadPrepaid(spend)(), await reloadPrepaid(spend)()]).toEqual([true, false]);
    await spend.database
      .tables<LedgerTables>()
      .updateTable('spend_counters')
      .set({ settled_micros: 5000 * CENT })
      .execute();
    expect(await reloadPrepaid(spend)()).toBe(false);
    expect(await ask(`GET ${BALANCE}`)).toMatchObject({ reloaded_this_month: '1200' });
    clock.ms = Date.UTC(2026, 11, 1);
    expect(await reloadPrepaid(spend)()).toBe(true);
    expect(ordered).toEqual(Array.from({ length: 3 }, () => ['auto_reload', 600 * CENT]));
  });

  it('refuses orders of nothing, purchases below it, and buying nothing at a time', async () => {
    const { ask } = await start();
    const refused: readonly (readonly [string, unknown])[] = [
      [`POST ${BALANCE}/orders`, { amount: '0' }],
      [`POST ${BALANCE}/orders`, { amount: '-5' }],
      [`POST ${BALANCE}/orders`, { amount: '5', kind: 'auto_reload' }],
      [`POST ${BALANCE}`, { auto_reload: { is_enabled: true, threshold: '5', amount: '0', monthly_maximum: null } }],
    ];
    for (const [line, body] of refused) expect(await ask(line, body)).toMatchObject({ type: 'error' });
    expect((await ask(`GET ${BALANCE}/orders`)).data).toEqual([]);
  });
});
