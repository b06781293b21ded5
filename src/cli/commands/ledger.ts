import type { Command } from 'commander';
import type { z } from 'zod';
import { rebuildSpendLedger, verifySpendLedger } from '../../spend/contract.ts';
import type { OpenContext } from '../context.ts';
import { type Column, renderTable } from '../table.ts';

type Verification = z.output<typeof verifySpendLedger.reply>;
type Drift = Verification['drifts'][number];

const dollars = (cents: string): string => `$${(Number(cents) / 100).toFixed(4)}`;

const COLUMNS: readonly Column<Drift>[] = [
  { heading: 'account', of: ({ account }) => account },
  { heading: 'day', of: ({ date }) => date ?? 'any' },
  { heading: 'held', of: ({ open }) => dollars(open), isNumber: true },
  { heading: 'spent', of: ({ settled }) => dollars(settled), isNumber: true },
];

const inWords = (found: Verification, wasRebuilt: boolean): string => {
  const counted = `${found.requests} requests from ${found.starting_on} until before ${found.ending_before}, ${found.counters} counters, ${dollars(found.open)} held`;
  if (found.adds_up) return `The ledger adds up: ${counted}.`;
  const heading = wasRebuilt
    ? 'These counters differed from their rows and were put right:'
    : 'These counters differ from their rows (rows less counter); --rebuild puts them right:';
  const ofCounters = found.drifts.length === 0 ? [] : [heading, renderTable(found.drifts, COLUMNS, '')];
  return [`Counted ${counted}.`, ...ofCounters, ...ofMonths(found, wasRebuilt)].join('\n');
};

const ofMonths = ({ month_drifts: count }: Verification, wasRebuilt: boolean): readonly string[] => {
  if (count === 0) return [];
  const what = `Sums of months of ${count} ${count === 1 ? 'account' : 'accounts'} differ from their days`;
  return [wasRebuilt ? `${what}; reports read the days until they are made anew.` : `${what}; --rebuild drops them.`];
};

type Options = {
  readonly from?: string;
  readonly until?: string;
  readonly all?: boolean;
  readonly rebuild?: boolean;
};

/** `remit ledger verify` counts spend again from its rows; it fails when something does not add up and stays so. */
export const addLedger = (program: Command, open: OpenContext): void => {
  program
    .command('ledger')
    .description('check the ledger of what was spent')
    .command('verify')
    .description('count again from the rows and compare the counters; ends with 1 when they differ')
    .option('--from <date>', 'first day, as 2026-11-01 (default: 62 days back)')
    .option('--until <date>', 'first day that is left out (default: tomorrow)')
    .option('--all', 'everything there is, with sessions and what is prepaid')
    .option('--rebuild', 'put counters right that differ')
    .action(async ({ from, until, all, rebuild }: Options, command: Command) => {
      const { call, show, endWith } = open(command);
      const days = { starting_on: from, ending_before: until };
      const found =
        rebuild === true
          ? await call(rebuildSpendLedger, { body: { ...days, ...(all === true ? { all } : {}) } })
          : await call(verifySpendLedger, { query: { ...days, ...(all === true ? { all } : {}) } });
      show(found, (one) => inWords(one, rebuild === true));
      if (!found.adds_up && rebuild !== true) endWith(1);
    });
};
