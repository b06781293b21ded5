import { type Command, InvalidArgumentError } from 'commander';
import { PERIODS, type Period } from '../../../kernel/index.ts';
import type { Call } from '../../../platform/contract.ts';
import {
  exportSeatTierUsage,
  getSpendSettings,
  listSeatTierUsage,
  type SeatTierUsage,
  type SpendSettings,
  setSeatTierUsage,
  updateSpendSettings,
} from '../../../spend/contract.ts';
import type { OpenContext } from '../../context.ts';
import { centsOfDollars, inDollars } from '../../money.ts';
import { oneOf, wholeNumber } from '../../options.ts';
import { printFile } from '../../print-file.ts';
import { type Column, renderTable } from '../../table.ts';

const NONE = 'none';

const percents = (given: string): number[] => {
  const values = given === NONE ? [] : given.split(',').map(Number);
  if (values.some((value) => !Number.isInteger(value) || value < 1 || value > 100))
    throw new InvalidArgumentError(`They are percentages from 1 to 100, such as 75,90,100, or ${NONE}.`);
  return values;
};

type SettingOptions = {
  readonly severalGroups?: SpendSettings['multi_group_limit'];
  readonly requests?: 'on' | 'off';
  readonly thresholds?: number[];
  readonly outage?: SpendSettings['store_outage']['mode'];
  readonly grace?: number;
  readonly askUrl?: string;
  readonly askSentence?: string;
};

const orNull = (given: string | undefined, now: string | null): string | null =>
  given === undefined ? now : given === NONE ? null : given;

/** What the options change; parts of a setting keep their other parts. */
const changesOf = (options: SettingOptions, now: SpendSettings) => {
  const { severalGroups, requests, thresholds, outage, grace, askUrl, askSentence } = options;
  const { store_outage: before, ask_for_more: asked } = now;
  return {
    ...(severalGroups && { multi_group_limit: severalGroups }),
    ...(requests && { increase_requests: requests === 'on' }),
    ...(thresholds && { thresholds }),
    ...(outage === undefined && grace === undefined
      ? {}
      : { store_outage: { mode: outage ?? before.mode, grace_seconds: grace ?? before.grace_seconds } }),
    ...(askUrl === undefined && askSentence === undefined
      ? {}
      : { ask_for_more: { url: orNull(askUrl, asked.url), sentence: orNull(askSentence, asked.sentence) } }),
  };
};

const settingsText = (settings: SpendSettings): string => {
  const { store_outage: outage, ask_for_more: ask } = settings;
  return [
    `Of several groups' limits a member has the ${settings.multi_group_limit} one.`,
    `Members ${settings.increase_requests ? 'may' : 'may not'} ask for more.`,
    settings.thresholds.length === 0
      ? 'Nobody is told before a limit is reached.'
      : `People are told at ${settings.thresholds.join(', ')} % of a limit.`,
    outage.mode === 'closed'
      ? 'While the store cannot be reached, requests with a limit are refused.'
      : `While the store cannot be reached, requests pass for ${outage.grace_seconds} seconds at most.`,
    `Who needs more is sent to: ${[ask.url, ask.sentence].filter((part) => part !== null).join(', ') || 'nowhere'}`,
  ].join('\n');
};

const settle = async (call: Call, options: SettingOptions): Promise<SpendSettings> => {
  const now = await call(getSpendSettings);
  const changes = changesOf(options, now);
  return Object.keys(changes).length === 0 ? now : call(updateSpendSettings, { body: changes });
};

const INCLUDED: readonly Column<SeatTierUsage>[] = [
  { heading: 'seat', of: ({ seat_tier }) => seat_tier },
  {
    heading: 'includes',
    of: ({ included }) => (included === null ? '-' : inDollars(included.amount)),
    isNumber: true,
  },
  { heading: 'period', of: ({ included }) => included?.period ?? '-' },
  { heading: 'members', of: ({ member_count }) => String(member_count), isNumber: true },
];

type IncludedOptions = { readonly period?: Period; readonly csv?: true };

const addIncluded = (limits: Command, open: OpenContext): void => {
  limits
    .command('included [seat-tier] [dollars]')
    .description(`show what seats include, or set it for the seats of a tier; ${NONE} takes it away`)
    .option('--period <period>', `in which period; monthly when left out`, oneOf(PERIODS))
    .option('--csv', 'as a CSV file')
    .action(
      async (tier: string | undefined, dollars: string | undefined, options: IncludedOptions, command: Command) => {
        const { call, show, terminal } = open(command);
        if (options.csv === true) return printFile(terminal, await call(exportSeatTierUsage));
        if (tier !== undefined && dollars !== undefined) {
          const amount = dollars === NONE ? null : centsOfDollars(dollars);
          await call(setSeatTierUsage, { body: { seat_tier: tier, amount, period: options.period ?? 'monthly' } });
        }
        show(await call(listSeatTierUsage), ({ data }) =>
          renderTable(
            data.filter(({ seat_tier }) => tier === undefined || seat_tier === tier),
            INCLUDED,
            'No seat includes anything.',
          ),
        );
      },
    );
};

/** `remit limits settings` and `included`. */
export const addSettings = (limits: Command, open: OpenContext): void => {
  limits
    .command('settings')
    .description('show how limits work, and change what is given')
    .option(
      '--several-groups <which>',
      'of the limits of several groups, which one counts: higher or lower',
      oneOf(['higher', 'lower'] as const),
    )
    .option('--requests <on|off>', 'whether members may ask for more', oneOf(['on', 'off'] as const))
    .option('--thresholds <percents>', `when people are told, such as 75,90,100, or ${NONE}`, percents)
    .option(
      '--outage <mode>',
      'while the store cannot be reached: closed refuses, open lets requests pass for the grace',
      oneOf(['closed', 'open'] as const),
    )
    .option('--grace <seconds>', 'how long at most', wholeNumber)
    .option('--ask-url <url>', `where members who need more are sent, or ${NONE}`)
    .option('--ask-sentence <text>', `in which words, or ${NONE}`)
    .action(async (options: SettingOptions, command: Command) => {
      const { call, show } = open(command);
      show(await settle(call, options), settingsText);
    });
  addIncluded(limits, open);
};
