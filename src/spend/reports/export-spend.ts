import { type DayRange, type Doer, dayOf } from '../../kernel/index.ts';
import type { QueryOf } from '../../platform/contract.ts';
import { csvFile } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { ORGANISATION } from '../ledger/rules/account.ts';
import { centsToUsd } from '../wire.ts';
import type { exportSpend, SpendKind } from './contract.ts';
import { nameLines } from './list-spend.ts';
import { nameStandings, type ReadStandings } from './near-limits.ts';
import type { ReadLines } from './read-lines.ts';
import { readRange } from './read-range.ts';
import { pickNear } from './rules/near-limits.ts';
import { forecastMonth, showSpend } from './show-spend.ts';

type Deps = Pick<SpendDeps, 'database' | 'policy' | 'record' | 'now'>;
type Readers = { readonly readLines: ReadLines; readonly readStandings: ReadStandings };
type Rows = AsyncGenerator<readonly string[]>;

const LINES_AT_ONCE = 1000;

/** From how much of a limit on somebody is in the file. */
const NEAR_PERCENT = 75;

/** A report as a CSV file, in pieces. That it was read is recorded before its first line is. */
export const writeSpendFile =
  (deps: Deps, readers: Readers) =>
  async (query: QueryOf<typeof exportSpend>, by: Doer): Promise<AsyncIterable<string>> => {
    const range = readRange(query, dayOf(deps.now()));
    await deps.record(deps.database, by, { type: 'platform_cost_report_viewed' });
    return csvFile(rowsOf(deps, readers, { by: query.by, range }));
  };

type Wanted = { readonly by: QueryOf<typeof exportSpend>['by']; readonly range: DayRange };

const rowsOf = (deps: Deps, readers: Readers, { by, range }: Wanted): Rows => {
  if (by === 'day') return dayRows(deps, range);
  if (by === 'forecast') return forecastRows(deps);
  if (by === 'near_limits') return nearRows(deps, readers);
  return lineRows(deps, readers, { by, range });
};

async function* dayRows(deps: Deps, range: DayRange): Rows {
  yield ['date', 'amount_usd'];
  const { by_day } = await showSpend(deps)([ORGANISATION], range);
  for (const { date, amount } of by_day) yield [date, centsToUsd(amount)];
}

async function* forecastRows(deps: Deps): Rows {
  yield ['date', 'amount_usd', 'expected_usd'];
  const { by_day } = await forecastMonth(deps)([ORGANISATION]);
  for (const { date, amount, expected_amount } of by_day)
    yield [
      date,
      amount === null ? '' : centsToUsd(amount),
      expected_amount === null ? '' : centsToUsd(expected_amount),
    ];
}

async function* nearRows(deps: Deps, { readStandings }: Readers): Rows {
  yield ['type', 'id', 'name', 'email', 'set_for', 'period', 'used_usd', 'limit_usd', 'percent', 'resets_at'];
  for (const one of await nameStandings(deps, pickNear(await readStandings(NEAR_PERCENT), NEAR_PERCENT)))
    yield [
      one.subject.type,
      one.subject.id,
      one.subject.name,
      one.subject.email ?? '',
      one.scope_type,
      one.period,
      centsToUsd(one.used_amount),
      centsToUsd(one.limit_amount),
      String(one.percent),
      one.resets_at,
    ];
}

async function* lineRows(
  deps: Deps,
  { readLines }: Readers,
  { by, range }: { readonly by: SpendKind; readonly range: DayRange },
): Rows {
  yield ['id', 'name', 'email', 'amount_usd', 'share', ...(by === 'group' ? ['service_keys_usd'] : [])];
  const { lines, totalMicros } = await readLines(by, range);
  for (let at = 0; at < lines.length; at += LINES_AT_ONCE)
    for (const line of await nameLines(deps, by, { lines: lines.slice(at, at + LINES_AT_ONCE), totalMicros }))
      yield [
        line.id,
        line.name,
        line.email ?? '',
        centsToUsd(line.amount),
        String(line.share),
        ...(line.service_amount === null ? [] : [centsToUsd(line.service_amount)]),
      ];
}
