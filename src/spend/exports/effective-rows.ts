import { type Names, readSpenders, type SpenderRow } from '../../directory/index.ts';
import { type Micros, PERIODS, type Period, windowEnd } from '../../kernel/index.ts';
import type { CsvRows } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { Limit } from '../limits/rules/limit.ts';
import { ownLimits, readSpent } from '../limits/summarise.ts';
import { toWireTime } from '../limits/wire.ts';
import { percentUsed } from '../reports/rules/near-limits.ts';
import { toUsd } from '../wire.ts';
import { nameOf, readNamesOf, UNLIMITED } from './limit-rows.ts';

type Deps = Pick<SpendDeps, 'database' | 'spendPolicy' | 'now'>;

const MEMBERS_PER_READING = 1000;

/** The word for who has no limit of their own. */
const NONE = 'none';

const HEAD = [
  ...['user_id', 'name', 'email', 'seat_tier', 'period', 'limit_usd', 'spent_usd', 'remaining_usd', 'percent'],
  ...['set_for', 'set_for_name', 'mode', 'resets_at', 'spend_limit_id'],
];

/** A line of the file: a member in a period, without a limit where there is none of their own. */
type Line = { readonly member: SpenderRow; readonly period: Period; readonly limit: Limit | undefined };

/** Every member with their own limits in these periods (all when empty), a thousand members at a time. */
export async function* effectiveRows(deps: Deps, asked: readonly Period[]): CsvRows {
  yield HEAD;
  const periods = PERIODS.filter((period) => asked.length === 0 || asked.includes(period));
  let afterId: string | undefined;
  for (;;) {
    const members = await readSpenders(deps.database, { limit: MEMBERS_PER_READING, afterId });
    yield* await rowsOf(
      deps,
      members.flatMap((member) => linesOf(deps, member, periods)),
    );
    if (members.length < MEMBERS_PER_READING) return;
    afterId = members.at(-1)?.id;
  }
}

// Who has no limit still has spent something, which is worth a line in the longest period that was asked for.
const linesOf = ({ spendPolicy }: Deps, member: SpenderRow, periods: readonly Period[]): readonly Line[] => {
  const own = ownLimits(spendPolicy.rules, member, periods);
  return own.length > 0 ? own : periods.slice(-1).map((period) => ({ member, period, limit: undefined }));
};

const rowsOf = async (deps: Deps, lines: readonly Line[]): Promise<readonly (readonly string[])[]> => {
  const now = deps.now();
  const userIds = [...new Set(lines.map(({ member }) => member.id))];
  const periods = [...new Set(lines.map(({ period }) => period))];
  const spent = await readSpent(deps.database, { userIds, periods, now });
  const names = await readNamesOf(
    deps.database,
    lines.flatMap(({ limit }) => limit?.scope ?? []),
  );
  return lines.map((line) => rowOf(line, { names, now, spentMicros: spent(line.member.id, line.period) }));
};

type Known = { readonly names: Names; readonly now: number; readonly spentMicros: Micros };

const rowOf = ({ member, period, limit }: Line, { names, now, spentMicros }: Known): readonly string[] => [
  ...[member.id, member.name, member.email, member.seatTier ?? '', period],
  ...amountsOf(limit, spentMicros),
  limit?.scope.type ?? '',
  limit === undefined ? '' : nameOf(limit.scope, names),
  limit?.mode ?? '',
  toWireTime(windowEnd(period, now)),
  limit?.id ?? '',
];

const amountsOf = (limit: Limit | undefined, spentMicros: Micros): readonly string[] => {
  const amountMicros = limit?.amountMicros ?? null;
  if (amountMicros === null) return [limit === undefined ? NONE : UNLIMITED, toUsd(spentMicros), '', ''];
  const remainingMicros = Math.max(0, amountMicros - spentMicros);
  return [
    toUsd(amountMicros),
    toUsd(spentMicros),
    toUsd(remainingMicros),
    String(percentUsed({ usedMicros: spentMicros, amountMicros })),
  ];
};
