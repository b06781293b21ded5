import { onTestFinished } from 'vitest';
import { accessMigrations, CATALOGUE, openPolicy } from '../../access/index.ts';
import { createGroup } from '../../directory/groups/change-group.ts';
import { addGroupMember } from '../../directory/groups/change-membership.ts';
import { createAuthenticate } from '../../directory/index.ts';
import type { Member } from '../../directory/members/store.ts';
import { updateMember } from '../../directory/members/update-member.ts';
import { BY_TEST, openDirectory, send } from '../../directory/testing/open-directory.ts';
import { dayOf } from '../../kernel/index.ts';
import { createLog, createRouter, type Database } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import type { LedgerTables } from '../ledger/tables.ts';
import { openSpendPolicy } from '../limits/open-spend-policy.ts';
import { setLimit, type WantedLimit } from '../limits/set-limit.ts';
import { spendMigrations } from '../migrations.ts';
import type { SpendNotices } from '../notices-seam.ts';
import { openRates } from '../rates/open-rates.ts';
import { spendRoutes } from '../routes.ts';

/** Directory and spend on an empty database. Close `spendPolicy` before the database. */
export const openSpend = async (database: Database, notices?: SpendNotices) => {
  const directory = await openDirectory(database, [...accessMigrations, ...spendMigrations]);
  const { changePolicy, record, now, newId } = directory.deps;
  const log = createLog('silent');
  const spendPolicy = await openSpendPolicy({ database, log });
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  onTestFinished(() => policy.close());
  const rates = await openRates({ database, policy, log, node: 'test', now });
  onTestFinished(() => rates.close());
  const refresh = async () => {
    await Promise.all([policy.refresh(), rates.refresh(), spendPolicy.refresh()]);
  };
  const told = notices === undefined ? {} : { notices };
  const ledger = await openLedger({ database, node: 'test', now });
  const deps: SpendDeps = { database, policy, changePolicy, record, spendPolicy, ledger, rates, ...told, now, newId };
  const app = createRouter({
    routes: spendRoutes(deps),
    authenticate: createAuthenticate(directory.deps),
    newRequestId: () => newId('request'),
    afterChange: refresh,
    log,
  });
  return {
    ...directory,
    spend: deps,
    spendPolicy,
    rates,
    app,
    send: (line: string, sent?: Parameters<typeof send>[2]) => send(app, line, sent),
    /** Sets a limit and waits until it is in force. */
    limit: async (wanted: Omit<WantedLimit, 'period'> & Partial<Pick<WantedLimit, 'period'>>) => {
      const limit = await setLimit(deps)({ period: 'monthly', ...wanted }, BY_TEST);
      await spendPolicy.refresh();
      return limit;
    },
    /** A new group with these members. */
    group: async (name: string, ...members: readonly Member[]) => {
      const group = await createGroup(directory.deps)(name, BY_TEST);
      for (const { id } of members) await addGroupMember(directory.deps)(group.id, id, BY_TEST);
      return group.id;
    },
    seat: (member: Member, seatTier: string | null) => updateMember(directory.deps)(member.id, { seatTier }, BY_TEST),
    /** Writes what an account has spent today, as settled requests would. */
    spent: async (account: string, micros: number) => {
      await database
        .tables<LedgerTables>()
        .insertInto('spend_counters')
        .values({ account, day: dayOf(directory.clock.ms), open_micros: 0, settled_micros: micros })
        .execute();
    },
  };
};
