import { openAccess } from '../../../access/testing/open-access.ts';
import { createAuthenticate } from '../../../directory/index.ts';
import { send } from '../../../directory/testing/open-directory.ts';
import type { Day } from '../../../kernel/index.ts';
import { createLog, createRouter, type Database } from '../../../platform/index.ts';
import type { SpendDeps } from '../../deps.ts';
import { openLedger } from '../../ledger/open-ledger.ts';
import type { Account } from '../../ledger/rules/account.ts';
import type { LedgerTables } from '../../ledger/tables.ts';
import { openSpendPolicy } from '../../limits/open-spend-policy.ts';
import { spendMigrations } from '../../migrations.ts';
import { openRates } from '../../rates/open-rates.ts';
import { spendRoutes } from '../../routes.ts';
import { toCents } from '../../wire.ts';

/** What stands in a counter: account, day, spent, held. */
export type Counted = readonly [account: Account, day: Day, settledMicros: number, openMicros?: number];

/** The room on an empty database, with the directory and the models it stands on. Call `close` before the database's. */
export const openReports = async (database: Database) => {
  const access = await openAccess(database, spendMigrations);
  const spendPolicy = await openSpendPolicy({ database, log: createLog('silent') });
  const rates = await openRates({
    database,
    policy: access.policy,
    log: createLog('silent'),
    node: 'test',
    now: access.access.now,
  });
  const ledger = await openLedger({ database, node: 'test', now: access.access.now });
  const deps: SpendDeps = { ...access.access, spendPolicy, ledger, rates };
  const app = createRouter({
    routes: spendRoutes(deps),
    authenticate: createAuthenticate(access.deps),
    newRequestId: () => deps.newId('request'),
    afterChange: access.policy.refresh,
    log: createLog('silent'),
  });
  return {
    ...access,
    spend: deps,
    close: async () => {
      await rates.close();
      await access.policy.close();
      await spendPolicy.close();
    },
    app,
    send: (line: string, sent?: Parameters<typeof send>[2]) => send(app, line, sent),
    /** Puts sums into counters. */
    count: async (...rows: readonly Counted[]) => {
      await database
        .tables<LedgerTables>()
        .insertInto('spend_counters')
        .values(
          rows.map(([account, day, settledMicros, openMicros = 0]) => ({
            account,
            day,
            open_micros: openMicros,
            settled_micros: settledMicros,
          })),
        )
        .execute();
    },
  };
};

/** Dollars as amounts on the wire. */
export const usd = (dollars: number): string => toCents(Math.round(dollars * 1_000_000));
