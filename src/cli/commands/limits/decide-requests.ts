import type { Command } from 'commander';
import { PERIODS, type Period } from '../../../kernel/index.ts';
import {
  approveIncreaseRequest,
  denyIncreaseRequest,
  exportIncreaseRequests,
  type IncreaseRequest,
  listIncreaseRequests,
} from '../../../spend/contract.ts';
import type { OpenContext } from '../../context.ts';
import { centsOfDollars, inDollars } from '../../money.ts';
import { oneOf, pageSize } from '../../options.ts';
import { printFile } from '../../print-file.ts';
import { type Column, renderTable } from '../../table.ts';
import { more } from './list-limits.ts';
import { whoOf } from './who-of.ts';

const STATUSES = ['pending', 'approved', 'denied'] as const;

const standing = ({ spend_summary: summary }: IncreaseRequest, what: 'amount' | 'period_to_date_spend'): string =>
  summary === null ? '-' : inDollars(summary[what]);

const REQUESTS: readonly Column<IncreaseRequest>[] = [
  { heading: 'asked', of: ({ created_at }) => created_at.slice(0, 16).replace('T', ' ') },
  { heading: 'member', of: whoOf },
  { heading: 'period', of: ({ period }) => period },
  { heading: 'status', of: ({ status }) => status },
  { heading: 'spent', of: (row) => standing(row, 'period_to_date_spend'), isNumber: true },
  { heading: 'limit', of: (row) => standing(row, 'amount'), isNumber: true },
  { heading: 'id', of: ({ id }) => id },
];

type ListOptions = { readonly status?: (typeof STATUSES)[number]; readonly limit: number; readonly csv?: true };

const addList = (limits: Command, open: OpenContext): void => {
  limits
    .command('requests')
    .description('list what members ask for, newest first')
    .option('--status <status>', `only these: ${STATUSES.join(', ')}`, oneOf(STATUSES))
    .option('--limit <number>', 'how many at most', pageSize, 100)
    .option('--csv', 'all of them as a CSV file')
    .action(async ({ status, limit, csv }: ListOptions, command: Command) => {
      const { call, show, terminal } = open(command);
      if (csv === true) return printFile(terminal, await call(exportIncreaseRequests));
      const query = { status: status === undefined ? [] : [status], limit };
      show(await call(listIncreaseRequests, { query }), ({ data, has_more }) =>
        [renderTable(data, REQUESTS, 'No requests.'), ...more(has_more)].join('\n'),
      );
    });
};

type ApproveOptions = { readonly period?: Period; readonly quiet?: true };

/** `remit limits requests`, `approve` and `deny`. */
export const addRequests = (limits: Command, open: OpenContext): void => {
  addList(limits, open);
  limits
    .command('approve <request-id> <dollars>')
    .description("approve a request: the amount becomes the member's own limit")
    .option('--period <period>', 'the one they asked about when left out', oneOf(PERIODS))
    .option('--quiet', 'send the member no message')
    .action(async (request_id: string, dollars: string, { period, quiet }: ApproveOptions, command: Command) => {
      const { call, show } = open(command);
      const amount = centsOfDollars(dollars);
      const body = { amount, ...(period && { period }), ...(quiet && { suppress_notification: true }) };
      show(
        await call(approveIncreaseRequest, { params: { request_id }, body }),
        (one) => `${whoOf(one)} may spend ${inDollars(amount)} ${one.spend_limit?.period ?? one.period} now.`,
      );
    });
  limits
    .command('deny <request-id>')
    .description('deny a request; the member cannot ask again for thirty days')
    .option('--quiet', 'send the member no message')
    .action(async (request_id: string, { quiet }: ApproveOptions, command: Command) => {
      const { call, show } = open(command);
      const body = quiet ? { suppress_notification: true } : {};
      const reply = await call(denyIncreaseRequest, { params: { request_id }, body });
      show(reply, (one) => `The request of ${whoOf(one)} is denied.`);
    });
};
