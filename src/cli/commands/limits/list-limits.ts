import type { Command } from 'commander';
import { PERIODS } from '../../../kernel/index.ts';
import {
  exportEffectiveSpendLimits,
  exportSpendLimits,
  listEffectiveSpendLimits,
  listSpendLimits,
  type SpendLimit,
  type SpendSummary,
  stepText,
} from '../../../spend/contract.ts';
import type { OpenContext } from '../../context.ts';
import { findUser } from '../../find.ts';
import { inDollars } from '../../money.ts';
import { type NameScope, nameScopes } from '../../names.ts';
import { oneOf, pageSize } from '../../options.ts';
import { printFile } from '../../print-file.ts';
import { type Column, renderTable } from '../../table.ts';
import { whoOf } from './who-of.ts';

/** The types of scope a limit can have, by the options of `remit limits set`. */
const SCOPES = [
  'organization',
  'organization_total',
  'session',
  'seat_tier',
  'rbac_group',
  'rbac_group_pool',
  'user',
  'workspace',
  'api_key',
] as const;

const modeOf = ({ mode, is_enabled: isOn }: SpendLimit): string => (isOn ? mode : `${mode}, off`);

const limitColumns = (nameOf: NameScope): readonly Column<SpendLimit>[] => [
  { heading: 'of', of: ({ scope }) => nameOf(scope) },
  { heading: 'period', of: ({ period }) => period ?? '-' },
  { heading: 'limit', of: (limit) => inDollars(limit.amount), isNumber: true },
  { heading: 'mode', of: modeOf },
  { heading: 'steps', of: ({ ladder }) => (ladder.length === 0 ? '-' : ladder.map(stepText).join(' ')) },
  { heading: 'id', of: ({ id }) => id },
];

const effectiveColumns = (nameOf: NameScope): readonly Column<SpendSummary>[] => [
  { heading: 'member', of: whoOf },
  { heading: 'period', of: ({ period }) => period },
  { heading: 'spent', of: ({ period_to_date_spend }) => inDollars(period_to_date_spend), isNumber: true },
  { heading: 'limit', of: (row) => inDollars(row.amount), isNumber: true },
  { heading: 'set for', of: ({ source }) => nameOf(source) },
];

/** The line under a list that goes on. */
export const more = (hasMore: boolean): readonly string[] =>
  hasMore ? ['There are more; see --limit and --csv.'] : [];

type ListOptions = { readonly for?: (typeof SCOPES)[number]; readonly limit: number; readonly csv?: true };

const addList = (limits: Command, open: OpenContext): void => {
  limits
    .command('list')
    .description('list the limits that are set')
    .option('--for <type>', `only those for one of ${SCOPES.join(', ')}`, oneOf(SCOPES))
    .option('--limit <number>', 'how many at most', pageSize, 100)
    .option('--csv', 'all of them as a CSV file, which “remit limits import” takes')
    .action(async ({ for: type, limit, csv }: ListOptions, command: Command) => {
      const { call, show, terminal } = open(command);
      if (csv === true) return printFile(terminal, await call(exportSpendLimits));
      const scope_type = type === undefined ? [] : [type];
      const reply = await call(listSpendLimits, { query: { limit, scope_type } });
      const nameOf = await nameScopes(
        call,
        reply.data.map(({ scope }) => scope),
      );
      show(reply, ({ data, has_more }) =>
        [renderTable(data, limitColumns(nameOf), 'No limits.'), ...more(has_more)].join('\n'),
      );
    });
};

type EffectiveOptions = {
  readonly member?: string;
  readonly period?: (typeof PERIODS)[number];
  readonly limit: number;
  readonly csv?: true;
};

const addEffective = (limits: Command, open: OpenContext): void => {
  limits
    .command('effective')
    .description("list each member's own limits, where they come from, and what was spent of them")
    .option('--member <id|email>', 'only this member')
    .option('--period <period>', 'only this period', oneOf(PERIODS))
    .option('--limit <number>', 'how many members at most', pageSize, 100)
    .option('--csv', 'every member as a CSV file')
    .action(async ({ member, period, limit, csv }: EffectiveOptions, command: Command) => {
      const { call, show, terminal } = open(command);
      const periods = period === undefined ? [] : [period];
      if (csv === true)
        return printFile(terminal, await call(exportEffectiveSpendLimits, { query: { period: periods } }));
      const user_ids = member === undefined ? [] : [(await findUser(call, member)).id];
      const reply = await call(listEffectiveSpendLimits, { query: { user_ids, period: periods, limit } });
      const nameOf = await nameScopes(
        call,
        reply.data.map(({ source }) => source),
      );
      show(reply, ({ data, has_more }) =>
        [renderTable(data, effectiveColumns(nameOf), 'No member has a limit.'), ...more(has_more)].join('\n'),
      );
    });
};

/** `remit limits list` and `effective`. */
export const addLists = (limits: Command, open: OpenContext): void => {
  addList(limits, open);
  addEffective(limits, open);
};
