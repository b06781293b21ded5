import type { Command } from 'commander';
import {
  exportRateUsage,
  getRateTier,
  getRateUsage,
  listRateLimits,
  type RateTier,
  type RateUsage,
} from '../../../spend/contract.ts';
import type { OpenContext } from '../../context.ts';
import { inDollars } from '../../money.ts';
import { printFile } from '../../print-file.ts';
import { type Column, renderTable } from '../../table.ts';
import { grouped, poolName } from './pools.ts';

type UsageLine = RateUsage['data'][number]['limits'][number] & { readonly id: string; readonly name: string };

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const USAGE: readonly Column<UsageLine>[] = [
  { heading: 'on', of: ({ name }) => name },
  { heading: 'limiter', of: ({ type }) => type },
  { heading: 'limit', of: ({ value }) => grouped(value), isNumber: true },
  { heading: 'used now', of: ({ used }) => grouped(used), isNumber: true },
  { heading: 'at most', of: ({ peak_utilization }) => percent(peak_utilization), isNumber: true },
  { heading: 'id', of: ({ id }) => id },
];

const linesOf = ({ data }: RateUsage): readonly UsageLine[] =>
  data.flatMap(({ rate_limit_id, group, limits }) =>
    limits.map((limit) => ({ ...limit, id: rate_limit_id, name: poolName(group) })),
  );

const adviceOn = ({ hint }: RateUsage): readonly string[] =>
  hint === null
    ? []
    : [
        `${percent(hint.peak_utilization)} of ${hint.limiter} on ${hint.rate_limit_id} was used at most${
          hint.next_tier === null ? '.' : `: the tier ${hint.next_tier} is worth asking for.`
        }`,
      ];

const usageText = (usage: RateUsage): string =>
  usage.tier === 'unlimited'
    ? 'The organisation is in no rate tier: only the provider limits it. “remit rates tiers” shows what there is.'
    : [
        `Tier: ${usage.tier}. At most: in this hour and the one before.`,
        renderTable(linesOf(usage), USAGE, 'There are no limits.'),
        ...adviceOn(usage),
      ].join('\n');

type Numbers = RateTier['tiers'][number]['limits'][number]['limits'];
type TierLine = { readonly tier: string; readonly cap: string; readonly on: string; readonly numbers: Numbers };

/** The limiters that shipped tiers have, each with a column; the tier custom may have others. */
const SHOWN: Readonly<Record<string, string>> = {
  requests_per_minute: 'requests',
  input_tokens_per_minute_cache_aware: 'input',
  output_tokens_per_minute: 'output',
  enqueued_batch_requests: 'waiting',
};

const numberColumn = ([limiter, heading]: readonly [string, string]): Column<TierLine> => ({
  heading,
  of: ({ numbers }) => numbers.filter(({ type }) => type === limiter).map(({ value }) => grouped(value))[0] ?? '-',
  isNumber: true,
});

const othersOf = (numbers: Numbers): string =>
  numbers
    .filter(({ type }) => SHOWN[type] === undefined)
    .map(({ type, value }) => `${grouped(value)} ${type}`)
    .join(', ');

const TIERS: readonly Column<TierLine>[] = [
  { heading: 'tier', of: ({ tier }) => tier },
  { heading: 'spend a month', of: ({ cap }) => cap, isNumber: true },
  ...Object.entries(SHOWN).map(numberColumn),
  { heading: 'on', of: ({ on, numbers }) => [on, othersOf(numbers)].filter((text) => text !== '').join('; ') },
];

/** A line for each tier and each set of numbers, with everything that has these numbers. */
const tierLines = ({ tiers }: RateTier, names: ReadonlyMap<string, string>): readonly TierLine[] =>
  tiers.flatMap(({ tier, monthly_spend_cap, limits }) =>
    [...Map.groupBy(limits, (one) => JSON.stringify(one.limits)).values()].map((alike) => {
      const numbers = alike[0]?.limits ?? [];
      const named = alike.map(({ rate_limit_id: id }) => names.get(id) ?? id).join(', ');
      return { tier, cap: inDollars(monthly_spend_cap), numbers, on: numbers.length === 0 ? 'everything' : named };
    }),
  );

/** `remit rates show` and `tiers`. */
export const addShow = (rates: Command, open: OpenContext): void => {
  rates
    .command('show', { isDefault: true })
    .description('show the tier, its limits, and how much of them is used')
    .option('--csv', 'as a CSV file')
    .action(async ({ csv }: { readonly csv?: true }, command: Command) => {
      const { call, show, terminal } = open(command);
      if (csv === true) return printFile(terminal, await call(exportRateUsage));
      show(await call(getRateUsage), usageText);
    });
  rates
    .command('tiers')
    .description('show what every tier lets through in a minute; a dash is no limit')
    .action(async (_, command: Command) => {
      const { call, show } = open(command);
      const names = new Map((await call(listRateLimits)).data.map(({ id, group }) => [id, poolName(group)]));
      show(await call(getRateTier), (tier) =>
        [`The organisation is in the tier ${tier.tier}.`, renderTable(tierLines(tier, names), TIERS, '')].join('\n'),
      );
    });
};
