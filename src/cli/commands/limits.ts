import type { Command } from 'commander';
import { CENTS, centsOf, formatUsd, MICROS_PER_USD, microsOfCents, PERIODS } from '../../kernel/index.ts';
import type { Call } from '../../platform/contract.ts';
import {
  approveIncreaseRequest,
  deleteSpendLimit,
  denyIncreaseRequest,
  type IncreaseRequest,
  listEffectiveSpendLimits,
  listIncreaseRequests,
  listSpendLimits,
  type SpendLimit,
  type SpendScope,
  type SpendSummary,
  setSpendLimit,
} from '../../spend/contract.ts';
import type { OpenContext } from '../context.ts';
import { UsageMistake } from '../failure.ts';
import { findGroup, findUser } from '../find.ts';
import { oneOf, pageSize } from '../options.ts';
import { type Column, renderTable } from '../table.ts';

const UNLIMITED = 'unlimited';

const inDollars = (amount: string | null): string => (amount === null ? UNLIMITED : formatUsd(microsOfCents(amount)));

/** Dollars, or `unlimited`, as the API takes amounts. */
const amount = (given: string): string | null => {
  if (given === UNLIMITED) return null;
  const cents = centsOf(Math.round(Number(given.replace(/^\$/, '')) * MICROS_PER_USD));
  if (!CENTS.test(cents)) throw new UsageMistake('It is a number of dollars, such as 50 or 12.50, or unlimited.');
  return cents;
};

const scopeOf = ({ type, ...named }: SpendScope): string => [type, ...Object.values(named)].join(' ');

const LIMITS: readonly Column<SpendLimit>[] = [
  { heading: 'of', of: ({ scope }) => scopeOf(scope) },
  { heading: 'period', of: ({ period }) => period ?? '-' },
  { heading: 'limit', of: (limit) => inDollars(limit.amount), isNumber: true },
  { heading: 'mode', of: ({ mode, is_enabled }) => (is_enabled ? mode : 'switched off') },
  { heading: 'id', of: ({ id }) => id },
];

const whoOf = ({ actor }: { readonly actor: SpendSummary['actor'] }): string =>
  actor.type === 'user_actor' ? (actor.email_address ?? actor.user_id) : actor.scoped_api_key_id;

const EFFECTIVE: readonly Column<SpendSummary>[] = [
  { heading: 'member', of: whoOf },
  { heading: 'period', of: ({ period }) => period },
  { heading: 'spent', of: ({ period_to_date_spend }) => inDollars(period_to_date_spend), isNumber: true },
  { heading: 'limit', of: (row) => inDollars(row.amount), isNumber: true },
  { heading: 'from', of: ({ source }) => scopeOf(source) },
];

const REQUESTS: readonly Column<IncreaseRequest>[] = [
  { heading: 'asked', of: ({ created_at }) => created_at.slice(0, 16).replace('T', ' ') },
  { heading: 'member', of: whoOf },
  { heading: 'period', of: ({ period }) => period },
  { heading: 'status', of: ({ status }) => status },
  { heading: 'spent', of: (row) => standing(row, 'period_to_date_spend'), isNumber: true },
  { heading: 'limit', of: (row) => standing(row, 'amount'), isNumber: true },
  { heading: 'id', of: ({ id }) => id },
];

const standing = ({ spend_summary: summary }: IncreaseRequest, what: 'amount' | 'period_to_date_spend'): string =>
  summary === null ? '-' : inDollars(summary[what]);

type Whose = {
  readonly organisation?: true;
  readonly eachMember?: true;
  readonly eachSession?: true;
  readonly seatTier?: string;
  readonly group?: string;
  readonly pool?: string;
  readonly member?: string;
  readonly workspace?: string;
  readonly apiKey?: string;
};

const wantedScopes = (
  call: Call,
): Readonly<Record<keyof Whose, (given: string) => Promise<SpendScope> | SpendScope>> => ({
  organisation: () => ({ type: 'organization_total' }),
  eachMember: () => ({ type: 'organization' }),
  eachSession: () => ({ type: 'session' }),
  seatTier: (seat_tier) => ({ type: 'seat_tier', seat_tier }),
  group: async (asked) => ({ type: 'rbac_group', rbac_group_id: (await findGroup(call, asked)).id }),
  pool: async (asked) => ({ type: 'rbac_group_pool', rbac_group_id: (await findGroup(call, asked)).id }),
  member: async (asked) => ({ type: 'user', user_id: (await findUser(call, asked)).id }),
  workspace: (workspace_id) => ({ type: 'workspace', workspace_id }),
  apiKey: (api_key_id) => ({ type: 'api_key', api_key_id }),
});

const readScope = async (call: Call, whose: Whose): Promise<SpendScope> => {
  const scopes = wantedScopes(call);
  const [name, ...others] = (Object.keys(scopes) as (keyof Whose)[]).filter((one) => whose[one] !== undefined);
  if (name === undefined || others.length > 0)
    throw new UsageMistake('Say whose limit it is with one of the options; “remit limits set --help” lists them.');
  return scopes[name](String(whose[name]));
};

const addSet = (limits: Command, open: OpenContext): void => {
  limits
    .command('set <dollars>')
    .description('set a limit, in dollars or unlimited; one that is there is overwritten')
    .option('--organisation', 'what everybody may spend together')
    .option('--each-member', 'what each member may spend who has no nearer limit')
    .option('--each-session', 'what one session of a client may spend')
    .option('--seat-tier <name>', 'each member with this seat')
    .option('--group <id|name>', 'each member of this group')
    .option('--pool <id|name>', 'all members of this group together')
    .option('--member <id|email>', 'one member')
    .option('--workspace <id>', 'all keys of this workspace together')
    .option('--api-key <id>', 'one key')
    .option('--period <period>', `${PERIODS.join(', ')}; monthly when left out`, oneOf(PERIODS))
    .option(
      '--mode <mode>',
      'standard: the request that crosses it completes; strict: never beyond it',
      oneOf(['standard', 'strict'] as const),
    )
    .action(async (dollars: string, { period, mode, ...whose }, command: Command) => {
      const { call, show } = open(command);
      const scope = await readScope(call, whose);
      const body = { scope, amount: amount(dollars), ...(period && { period }), ...(mode && { mode }) };
      show(
        await call(setSpendLimit, { body }),
        (limit) =>
          `The ${limit.period === null ? '' : `${limit.period} `}limit of ${scopeOf(limit.scope)} is ${inDollars(limit.amount)} from the next request on (${limit.id}).`,
      );
    });
};

const addLists = (limits: Command, open: OpenContext): void => {
  limits
    .command('list')
    .description('list the limits that are set')
    .option('--limit <number>', 'how many at most', pageSize, 100)
    .action(async ({ limit }, command: Command) => {
      const { call, show } = open(command);
      show(await call(listSpendLimits, { query: { limit } }), ({ data, has_more }) =>
        [renderTable(data, LIMITS, 'No limits.'), ...more(has_more)].join('\n'),
      );
    });
  limits
    .command('effective')
    .description("list each member's own limits, where they come from, and what was spent of them")
    .option('--member <id|email>', 'only this member')
    .option('--period <period>', 'only this period', oneOf(PERIODS))
    .option('--limit <number>', 'how many members at most', pageSize, 100)
    .action(async ({ member, period, limit }, command: Command) => {
      const { call, show } = open(command);
      const user_ids = member === undefined ? [] : [(await findUser(call, member)).id];
      const query = { user_ids, period: period === undefined ? [] : [period], limit };
      show(await call(listEffectiveSpendLimits, { query }), ({ data, has_more }) =>
        [renderTable(data, EFFECTIVE, 'No member has a limit.'), ...more(has_more)].join('\n'),
      );
    });
  limits
    .command('remove <limit-id>')
    .description('delete a limit; whom it bound falls back to the next one')
    .action(async (spend_limit_id: string, _, command: Command) => {
      const { call, show } = open(command);
      show(await call(deleteSpendLimit, { params: { spend_limit_id } }), ({ id }) => `The limit ${id} is gone.`);
    });
};

const more = (hasMore: boolean): readonly string[] => (hasMore ? ['There are more; see --limit.'] : []);

const addRequests = (limits: Command, open: OpenContext): void => {
  const STATUSES = ['pending', 'approved', 'denied'] as const;
  limits
    .command('requests')
    .description('list what members ask for, newest first')
    .option('--status <status>', `only these: ${STATUSES.join(', ')}`, oneOf(STATUSES))
    .option('--limit <number>', 'how many at most', pageSize, 100)
    .action(async ({ status, limit }, command: Command) => {
      const { call, show } = open(command);
      const query = { status: status === undefined ? [] : [status], limit };
      show(await call(listIncreaseRequests, { query }), ({ data, has_more }) =>
        [renderTable(data, REQUESTS, 'No requests.'), ...more(has_more)].join('\n'),
      );
    });
  limits
    .command('approve <request-id> <dollars>')
    .description("approve a request: the amount becomes the member's own limit")
    .option('--period <period>', 'the one they asked about when left out', oneOf(PERIODS))
    .option('--quiet', 'send the member no message')
    .action(async (request_id: string, dollars: string, { period, quiet }, command: Command) => {
      const { call, show } = open(command);
      const approved = amount(dollars);
      if (approved === null)
        throw new UsageMistake('A request is approved with an amount; set the limit to make it unlimited.');
      const body = { amount: approved, ...(period && { period }), ...(quiet && { suppress_notification: true }) };
      const reply = await call(approveIncreaseRequest, { params: { request_id }, body });
      show(
        reply,
        (one) => `${whoOf(one)} may spend ${inDollars(approved)} ${one.spend_limit?.period ?? one.period} now.`,
      );
    });
  limits
    .command('deny <request-id>')
    .description('deny a request; the member cannot ask again for thirty days')
    .option('--quiet', 'send the member no message')
    .action(async (request_id: string, { quiet }, command: Command) => {
      const { call, show } = open(command);
      const body = quiet ? { suppress_notification: true } : {};
      const reply = await call(denyIncreaseRequest, { params: { request_id }, body });
      show(reply, (one) => `The request of ${whoOf(one)} is denied.`);
    });
};

/** `remit limits list`, `set`, `remove`, `effective`, `requests`, `approve` and `deny`. */
export const addLimits = (program: Command, open: OpenContext): void => {
  const limits = program.command('limits').description('list and set spend limits, and decide what members ask for');
  addLists(limits, open);
  addSet(limits, open);
  addRequests(limits, open);
};
