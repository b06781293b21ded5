import { type Command, Option } from 'commander';
import { type RateLimit, setRateLimit, setRateTier } from '../../../spend/contract.ts';
import type { OpenContext } from '../../context.ts';
import { inDollars } from '../../money.ts';
import { oneOf } from '../../options.ts';
import { type LimiterOptions, limiterChanges, NONE, numberOrNone, numberOrNull, withLimiters } from './limiters.ts';
import { findPool, grouped, poolName } from './pools.ts';

const TIERS = ['unlimited', 'start', 'build', 'scale', 'custom'] as const;

const limitText = ({ group, limits }: RateLimit): string =>
  `${poolName(group)}: ${limits.map(({ type, value }) => `${grouped(value)} ${type}`).join(', ')}.`;

type CustomOptions = LimiterOptions & { readonly enqueued?: number | typeof NONE };

/** `remit rates tier` and `custom`. */
export const addTier = (rates: Command, open: OpenContext): void => {
  rates
    .command('tier')
    .argument('<tier>', TIERS.join(', '), oneOf(TIERS))
    .description('put the organisation into a tier; it holds from the next request on')
    .action(async (tier: (typeof TIERS)[number], _, command: Command) => {
      const { call, show } = open(command);
      show(
        await call(setRateTier, { body: { tier } }),
        ({ tier: now, monthly_spend_cap: cap }) =>
          `The organisation is in the tier ${now}${cap === null ? '' : `, which caps its spend at ${inDollars(cap)} a month`}.`,
      );
    });
  withLimiters(rates.command('custom <rate-limit-id|model>'))
    .description(`set numbers of the tier custom; ${NONE} goes back to that of scale`)
    .addOption(new Option('--enqueued <number>', 'requests that wait in batches').argParser(numberOrNone))
    .action(async (asked: string, { enqueued, ...options }: CustomOptions, command: Command) => {
      const { call, show } = open(command);
      const waiting =
        enqueued === undefined ? [] : [{ type: 'enqueued_batch_requests' as const, value: numberOrNull(enqueued) }];
      const others = waiting.length > 0 && Object.keys(options).length === 0 ? [] : limiterChanges(options);
      const limits = [...others, ...waiting];
      const rate_limit_id = await findPool(call, asked);
      show(await call(setRateLimit, { params: { rate_limit_id }, body: { limits } }), limitText);
    });
};
