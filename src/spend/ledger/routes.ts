import { DAY_MS, type Day, dayOf, Refusal } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import * as contract from './contract.ts';
import { TIMELESS } from './rules/account.ts';
import { rebuildCounters, type Verification, verifyLedger } from './verify.ts';

const MICROS_PER_CENT = 10_000;
const DRIFTS_NAMED_MAX = 1000;

/** Two months: every window that is still running, and the month before. */
const DAYS_BACK = 62;

const dateOf = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

const cents = (micros: number): string => String(micros / MICROS_PER_CENT);

type Days = {
  readonly starting_on?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly all?: boolean | undefined;
};

const daysIn = ({ starting_on, ending_before, all }: Days, now: number) => {
  const tomorrow = dayOf(now) + 1;
  const from =
    all === true ? TIMELESS : starting_on === undefined ? tomorrow - DAYS_BACK : dayOf(Date.parse(starting_on));
  const until = ending_before === undefined ? tomorrow : dayOf(Date.parse(ending_before));
  if (from >= until) throw new Refusal('invalid_request', '“ending_before” has to be after “starting_on”.');
  return { from, until };
};

const toWire = ({ from, until, requests, counters, openMicros, drifts, monthDrifts }: Verification) => ({
  type: 'ledger_verification' as const,
  starting_on: dateOf(from),
  ending_before: dateOf(until),
  requests,
  counters,
  open: cents(openMicros),
  adds_up: drifts.length + monthDrifts === 0,
  month_drifts: monthDrifts,
  drifts: drifts.slice(0, DRIFTS_NAMED_MAX).map(({ account, day, openMicros: open, settledMicros: settled }) => ({
    account,
    date: day === TIMELESS ? null : dateOf(day),
    open: cents(open),
    settled: cents(settled),
  })),
});

/** Binds the checks of the ledger. */
export const ledgerRoutes = ({ database, ledger, record, now }: SpendDeps): readonly Route[] => [
  route(contract.verifySpendLedger, async ({ query }) => toWire(await verifyLedger(database, daysIn(query, now())))),
  route(contract.rebuildSpendLedger, async ({ body, by }) => {
    const days = daysIn(body, now());
    const found = await rebuildCounters({ database, ledger }, days, (sql, { drifts }) =>
      record(sql, by, {
        type: 'remit_spend_ledger_rebuilt',
        starting_on: dateOf(days.from),
        ending_before: dateOf(days.until),
        counters_changed: drifts.length,
      }),
    );
    return toWire(found);
  }),
];
