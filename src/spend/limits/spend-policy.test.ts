import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { deleteGroup } from '../../directory/groups/change-group.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { createLog } from '../../platform/index.ts';
import { openSpend } from '../testing/open-spend.ts';
import { changeSpendSettings, setIncluded } from './change-settings.ts';
import { openSpendPolicy } from './open-spend-policy.ts';
import { deleteLimit } from './set-limit.ts';
import type { SpenderFacts } from './spend-policy.ts';
import { limitStore } from './store.ts';

const facts = (more: Partial<SpenderFacts> = {}): SpenderFacts => ({
  userId: 'user_a',
  groupId: null,
  keyId: 'apikey_a',
  workspaceId: null,
  sessionId: null,
  groupIds: [],
  seatTier: null,
  ...more,
});

forEachDatabase((_engine, open) => {
  const start = async () => {
    const database = await open();
    const at = await openSpend(database);
    const other = await openSpendPolicy({ database, log: createLog('silent') });
    onTestFinished(async () => {
      await at.spendPolicy.close();
      await other.close();
    });
    const everywhere = async (spender: SpenderFacts) => {
      const seen = [];
      for (const policy of [at.spendPolicy, other]) {
        await policy.refresh();
        seen.push(policy.boundsOf(spender).ceilings.map(({ account, amountMicros }) => [account, amountMicros]));
      }
      expect(seen[0]).toEqual(seen[1]);
      return seen[0];
    };
    return { ...at, other, everywhere };
  };

  it('follows limits that are set, changed and deleted, on every node', async () => {
    const at = await start();
    expect(await at.everywhere(facts())).toEqual([]);
    const { id } = await at.limit({ scope: { type: 'organization' }, amountMicros: 5 });
    expect(await at.everywhere(facts())).toEqual([['user:user_a', 5]]);
    expect((await at.limit({ scope: { type: 'organization' }, amountMicros: 7 })).id).toBe(id);
    expect(await at.everywhere(facts())).toEqual([['user:user_a', 7]]);
    await deleteLimit(at.spend)(id, BY_TEST);
    expect(await at.everywhere(facts())).toEqual([]);
    expect(await limitStore(at.database).readAll()).toEqual([]);
  });

  it('answers the same caller from memory until something changes', async () => {
    const at = await start();
    await at.limit({ scope: { type: 'organization' }, amountMicros: 5 });
    const ada = facts();
    expect(at.spendPolicy.boundsOf(ada)).toBe(at.spendPolicy.boundsOf(ada));
    const before = at.spendPolicy.boundsOf(ada);
    expect(at.spendPolicy.boundsOf({ ...ada, groupIds: [...ada.groupIds] })).toBe(before);
    await at.add('bob');
    await at.spendPolicy.refresh();
    expect(at.spendPolicy.boundsOf(ada)).toBe(before);
    await at.limit({ scope: { type: 'session' }, amountMicros: 3, period: null });
    expect(at.spendPolicy.boundsOf(ada).ceilings).toHaveLength(1);
    expect(at.spendPolicy.boundsOf({ ...ada, sessionId: 's' }).ceilings.map(({ account }) => account)).toEqual([
      'user:user_a',
      'session:s',
    ]);
  });

  it('sees a caller whose groups or seat have changed as they are now', async () => {
    const at = await start();
    const groupId = await at.group('engineers');
    await at.limit({ scope: { type: 'rbac_group', groupId }, amountMicros: 9 });
    await at.limit({ scope: { type: 'seat_tier', seatTier: 'premium' }, amountMicros: 4 });
    expect(await at.everywhere(facts())).toEqual([]);
    expect(await at.everywhere(facts({ groupIds: [groupId] }))).toEqual([['user:user_a', 9]]);
    expect(await at.everywhere(facts({ seatTier: 'premium' }))).toEqual([['user:user_a', 4]]);
    await deleteGroup(at.deps)(groupId, BY_TEST);
    expect((await limitStore(at.database).readAll()).map(({ scope }) => scope.type)).toEqual(['seat_tier']);
  });

  it('follows the settings and what seats include', async () => {
    const at = await start();
    await changeSpendSettings(at.spend)(
      { outage: { mode: 'open', graceSeconds: 9 }, thresholds: [90, 50, 90] },
      BY_TEST,
    );
    await setIncluded(at.spend)({ seatTier: 'premium', period: 'weekly', amountMicros: 8 }, BY_TEST);
    for (const policy of [at.spendPolicy, at.other]) {
      await policy.refresh();
      expect(policy.outage).toEqual({ mode: 'open', graceSeconds: 9 });
      expect(policy.settings).toMatchObject({ multiGroup: 'lower', thresholds: [50, 90] });
      const { included } = policy.boundsOf(facts({ seatTier: 'premium' }));
      expect(included).toEqual({ account: 'included:user_a', period: 'weekly', amountMicros: 8 });
    }
  });
});
