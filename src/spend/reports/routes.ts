import { type Actor, dayOf, Refusal } from '../../kernel/index.ts';
import { nameFile, type Route, route } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { userAccount } from '../ledger/rules/account.ts';
import * as contract from './contract.ts';
import { writeSpendFile } from './export-spend.ts';
import { findAccounts } from './find-accounts.ts';
import { listSpendLines } from './list-spend.ts';
import { createReadStandings, listNear } from './near-limits.ts';
import { createReadLinePage } from './read-line-page.ts';
import { createReadLines } from './read-lines.ts';
import { readRange } from './read-range.ts';
import { forecastMonth, showSpend } from './show-spend.ts';

/** Binds the reports of spend. */
export const reportRoutes = (deps: SpendDeps): readonly Route[] => {
  const readLines = createReadLines(deps);
  const readStandings = createReadStandings(deps);
  const today = () => dayOf(deps.now());
  const show = showSpend(deps);
  const listLines = listSpendLines(deps, { readLines, readLinePage: createReadLinePage(deps) });
  const writeFile = writeSpendFile(deps, { readLines, readStandings });
  return [
    route(contract.getSpend, async ({ query }) => show(await findAccounts(deps, query), readRange(query, today()))),
    route(contract.listSpend, ({ query }) => listLines(query)),
    route(contract.getSpendForecast, async ({ query }) => forecastMonth(deps)(await findAccounts(deps, query))),
    route(contract.listNearLimits, ({ query }) => listNear(deps, readStandings)(query)),
    route(contract.exportSpend, async ({ query, by, replyHeaders }) => {
      nameFile(replyHeaders, `spend-by-${query.by}`, deps.now());
      return writeFile(query, by);
    }),
    route(contract.getMySpend, ({ query, actor }) => show([userAccount(memberIdOf(actor))], readRange(query, today()))),
  ];
};

const memberIdOf = (actor: Actor): string => {
  if (actor.kind !== 'member') throw new Refusal('permission_denied', 'This answers about a member.');
  return actor.userId;
};
