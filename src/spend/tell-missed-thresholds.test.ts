import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { DAY_MS, dayOf, windowOf } from '../kernel/index.ts';
import { poolAccount, userAccount } from './ledger/rules/account.ts';
import type { Crossing } from './notices/crossing.ts';
import { createTellMissedThresholds } from './tell-missed-thresholds.ts';
import { openSpend } from './testing/open-spend.ts';

const CENT = 10_000;

forEachDatabase((_engine, open) => {
  it('says anew how those stand who have spent as much as people are told of, and of nobody else', async () => {
    const at = await openSpend(await open());
    onTestFinished(() => at.spendPolicy.close());
    const [ada, bob, cleo] = [await at.add('ada'), await at.add('bob'), await at.add('cleo')];
    const groupId = await at.group('engineers', cleo);
    await at.limit({ scope: { type: 'organization' }, amountMicros: 100 * CENT });
    await at.limit({ scope: { type: 'organization' }, amountMicros: 50 * CENT, period: 'daily' });
    await at.limit({ scope: { type: 'rbac_group_pool', groupId }, amountMicros: 10 * CENT });
    await at.limit({ scope: { type: 'organization_total' }, amountMicros: null });
    await at.spent(userAccount(ada.id), 96 * CENT);
    await at.spent(userAccount(bob.id), 20 * CENT);
    await at.spent(userAccount(cleo.id), 40 * CENT);
    await at.spent(poolAccount(groupId), 9 * CENT);
    await at.spent('organization', 165 * CENT);
    await at.spend.policy.refresh();

    const told: Crossing[] = [];
    await createTellMissedThresholds(at.spend, (crossing) => told.push(crossing))();
    const lines = told
      .map(
        ({ ceiling, spentMicros }) =>
          `${ceiling.account} ${ceiling.period} ${spentMicros / CENT} of ${ceiling.amountMicros / CENT}`,
      )
      .sort();
    expect(lines).toEqual(
      [
        `${userAccount(ada.id)} daily 96 of 50`,
        `${userAccount(ada.id)} monthly 96 of 100`,
        `${userAccount(cleo.id)} daily 40 of 50`,
        `${poolAccount(groupId)} monthly 9 of 10`,
      ].sort(),
    );
    const month = windowOf('monthly', dayOf(at.clock.ms));
    expect(told.find(({ ceiling }) => ceiling.period === 'monthly')?.window).toEqual(month);

    // Of a window that is over nothing is said.
    at.clock.ms = month.until * DAY_MS + 1;
    const later: Crossing[] = [];
    await createTellMissedThresholds(at.spend, (crossing) => later.push(crossing))();
    expect(later).toEqual([]);
  });
});
