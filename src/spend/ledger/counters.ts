import { type Day, type DayRange, type Period, rememberWindows } from '../../kernel/index.ts';
import { type Account, TIMELESS } from './rules/account.ts';
import type { Balance, Balances } from './rules/admit.ts';
import type { Bounds } from './rules/ceiling.ts';
import type { CounterMove } from './rules/settle.ts';

type Sums = { openMicros: number; settledMicros: number };
type Sum = Sums & { from: Day; until: Day };

/** One account: its days, the one of them that was moved last, and the sums of the windows last asked for. */
type Line = {
  readonly days: Map<Day, Sums>;
  lastDay: Day;
  last: Sums | undefined;
  readonly windows: { daily?: Sum; weekly?: Sum; monthly?: Sum };
};

const sumOf = ({ days }: Line, { from, until }: DayRange): Sum => {
  const sum = { from, until, openMicros: 0, settledMicros: 0 };
  for (const [day, { openMicros, settledMicros }] of days) {
    if (day < from || day >= until) continue;
    sum.openMicros += openMicros;
    sum.settledMicros += settledMicros;
  }
  return sum;
};

const dayOfLine = (line: Line, day: Day): Sums => {
  const known = line.days.get(day);
  const sums = known ?? { openMicros: 0, settledMicros: 0 };
  if (known === undefined) line.days.set(day, sums);
  line.lastDay = day;
  line.last = sums;
  return sums;
};

const addWithin = (sum: Sum | undefined, { day, openMicros, settledMicros }: CounterMove): void => {
  if (sum === undefined || day < sum.from || day >= sum.until) return;
  sum.openMicros += openMicros;
  sum.settledMicros += settledMicros;
};

/** The counters in memory: open and settled by account and day, and quick sums of the windows in use. */
export type Counters = {
  move(move: CounterMove): void;
  /** What stands against bounds on a day, each in the window of its period that holds the day. It goes on moving. */
  balances(bounds: Bounds, day: Day): Balances;
  /** Every line that is not nothing. */
  list(): readonly CounterMove[];
  /** Forgets days before this one, other than what knows no days. */
  forgetBefore(day: Day): void;
};

export const createCounters = (): Counters => {
  const lines = new Map<Account, Line>();
  const windowIn = rememberWindows();
  /** Those last asked for by bounds; they hold sums of lines, and are forgotten when a line takes others. */
  let known = new WeakMap<Bounds, { readonly day: Day; readonly balances: Balances }>();

  const lineOf = (account: Account): Line => {
    let line = lines.get(account);
    if (line === undefined) {
      line = { days: new Map(), lastDay: TIMELESS, last: undefined, windows: {} };
      lines.set(account, line);
    }
    return line;
  };

  const sumIn = (line: Line, period: Period, day: Day): Sum => {
    const window = windowIn(period, day);
    const before = line.windows[period];
    if (before?.from === window.from) return before;
    if (before !== undefined) known = new WeakMap();
    const sum = sumOf(line, window);
    line.windows[period] = sum;
    return sum;
  };

  const balanceOf = (account: Account, period: Period | null, day: Day): Balance => {
    const line = lineOf(account);
    return period === null ? dayOfLine(line, TIMELESS) : sumIn(line, period, day);
  };

  return {
    move: (move) => {
      const { account, day, openMicros, settledMicros } = move;
      const line = lineOf(account);
      const ofDay = line.last !== undefined && line.lastDay === day ? line.last : dayOfLine(line, day);
      ofDay.openMicros += openMicros;
      ofDay.settledMicros += settledMicros;
      const { daily, weekly, monthly } = line.windows;
      addWithin(daily, move);
      addWithin(weekly, move);
      addWithin(monthly, move);
    },
    balances: (bounds, day) => {
      const before = known.get(bounds);
      if (before?.day === day) return before.balances;
      const { ceilings, included } = bounds;
      const balances = {
        ofCeilings: ceilings.map(({ account, period }) => balanceOf(account, period, day)),
        ofIncluded: included === null ? null : balanceOf(included.account, included.period, day),
      };
      known.set(bounds, { day, balances });
      return balances;
    },
    list: () =>
      [...lines].flatMap(([account, { days }]) =>
        [...days].flatMap(([day, { openMicros, settledMicros }]) =>
          openMicros === 0 && settledMicros === 0 ? [] : [{ account, day, openMicros, settledMicros }],
        ),
      ),
    forgetBefore: (first) => {
      known = new WeakMap();
      for (const [account, line] of lines) {
        const { days } = line;
        line.last = undefined;
        for (const day of days.keys()) if (day < first && day !== TIMELESS) days.delete(day);
        if (days.size === 0) lines.delete(account);
      }
    },
  };
};
