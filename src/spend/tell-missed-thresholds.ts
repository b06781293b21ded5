import { dayOf, PERIODS, windowOf } from '../kernel/index.ts';
import type { SpendDeps } from './deps.ts';
import { readSums } from './ledger/counter-store.ts';
import type { LimitRules } from './limits/rules/limit.ts';
import type { Crossing } from './notices/crossing.ts';
import { ceilingOn, createReadStandings } from './reports/near-limits.ts';

/** The lowest part of a limit that somebody is told of, in percent; undefined where nobody is. */
const lowestTold = (thresholds: readonly number[], { limits }: LimitRules): number | undefined => {
  const steps = [...limits.values()].flatMap(({ ladder }) =>
    ladder.flatMap((step) => (step.action === 'notify' ? [step.atPercent] : [])),
  );
  const all = [...thresholds, ...steps];
  return all.length === 0 ? undefined : Math.min(...all);
};

/**
 * Says anew, from the counters, how everybody stands who is near a limit. What a process knew of a crossing when it was
 * killed is told by this at its next start; what was told before is not told again. It finds limits with a period; those
 * over all time are said by the next request.
 */
export const createTellMissedThresholds = (
  deps: Pick<SpendDeps, 'database' | 'policy' | 'spendPolicy' | 'now'>,
  crossed: (crossing: Crossing) => void,
): (() => Promise<void>) => {
  const { database, policy, spendPolicy, now } = deps;
  const readStandings = createReadStandings(deps);
  return async () => {
    const percent = lowestTold(spendPolicy.settings.thresholds, spendPolicy.rules);
    if (percent === undefined) return;
    const near = await readStandings(percent);
    for (const period of PERIODS) {
      const window = windowOf(period, dayOf(now()));
      const accounts = near.filter((one) => one.period === period).map(({ account }) => account);
      // What is only held may never be spent.
      for (const [account, { settledMicros }] of await readSums(database, accounts, window)) {
        const ceiling = ceilingOn(policy.current(), spendPolicy.rules, account, period);
        if (ceiling !== undefined) crossed({ ceiling, window, spentMicros: settledMicros });
      }
    }
  };
};
