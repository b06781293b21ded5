import type { Command } from 'commander';
import type { Call } from '../../../platform/contract.ts';
import {
  exportRateLimitOverrides,
  listRateLimitOverrides,
  type RateLimitOverride,
  type RateScope,
  setRateLimitOverride,
} from '../../../spend/contract.ts';
import type { Context, OpenContext } from '../../context.ts';
import { Unfulfilled, UsageMistake } from '../../failure.ts';
import { findGroup, findKey, findUser, findWorkspace } from '../../find.ts';
import { type NameScope, nameScopes } from '../../names.ts';
import { oneOf, pageSize } from '../../options.ts';
import { printFile } from '../../print-file.ts';
import { type Column, renderTable } from '../../table.ts';
import { type LimiterOptions, LOWER_LIMITERS, limiterChanges, NONE, withLimiters } from './limiters.ts';
import { findPool, grouped, poolName } from './pools.ts';

const SCOPES = ['workspace', 'rbac_group', 'user', 'api_key'] as const;
const ALL_MODELS = 'rlg_all_models';

type Whose = {
  readonly workspace?: string;
  readonly group?: string;
  readonly member?: string;
  readonly apiKey?: string;
};

const wantedScopes = (call: Call): Readonly<Record<keyof Whose, (asked: string) => Promise<RateScope>>> => ({
  workspace: async (asked) => ({ type: 'workspace', workspace_id: (await findWorkspace(call, asked)).id }),
  group: async (asked) => ({ type: 'rbac_group', rbac_group_id: (await findGroup(call, asked)).id }),
  member: async (asked) => ({ type: 'user', user_id: (await findUser(call, asked)).id }),
  apiKey: async (asked) => ({ type: 'api_key', api_key_id: (await findKey(call, asked)).id }),
});

const readScope = async (call: Call, whose: Whose): Promise<RateScope> => {
  const scopes = wantedScopes(call);
  const [name, ...others] = (Object.keys(scopes) as (keyof Whose)[]).filter((one) => whose[one] !== undefined);
  if (name === undefined || others.length > 0)
    throw new UsageMistake('Say whose limit it is: one of --workspace, --group, --member and --api-key.');
  return scopes[name](whose[name] ?? '');
};

const withWhose = (command: Command): Command =>
  command
    .option('--workspace <id|name>', 'for a workspace')
    .option('--group <id|name>', 'for each member of a group; its service keys count as one member')
    .option('--member <id|email>', 'for a member')
    .option('--api-key <id|name>', 'for a key');

type Line = RateLimitOverride['limits'][number] & Pick<RateLimitOverride, 'scope' | 'group'>;

const linesOf = (overrides: readonly RateLimitOverride[]): readonly Line[] =>
  overrides.flatMap(({ scope, group, limits }) => limits.map((limit) => ({ ...limit, scope, group })));

const columns = (nameOf: NameScope): readonly Column<Line>[] => [
  { heading: 'of', of: ({ scope }) => nameOf(scope) },
  { heading: 'on', of: ({ group }) => poolName(group) },
  { heading: 'limiter', of: ({ type }) => type },
  { heading: 'limit', of: ({ value }) => grouped(value), isNumber: true },
  {
    heading: 'organisation',
    of: ({ org_limit: limit }) => (limit === null ? '-' : grouped(limit)),
    isNumber: true,
  },
  { heading: 'id', of: ({ group }) => group.id },
];

const showOverrides = async ({ call, show }: Context, overrides: readonly RateLimitOverride[]): Promise<void> => {
  const nameOf = await nameScopes(
    call,
    overrides.map(({ scope }) => scope),
  );
  show({ data: overrides }, () => renderTable(linesOf(overrides), columns(nameOf), 'There are no lower limits.'));
};

const onOf = async (call: Call, scope: RateScope, on: string | undefined): Promise<string> => {
  if (on === undefined && scope.type === 'workspace')
    throw new UsageMistake('A workspace has limits on one group of models or part of the API: say which with --on.');
  return findPool(call, on ?? ALL_MODELS);
};

type LimitOptions = Whose & LimiterOptions & { readonly on?: string };

const setLower = async (context: Context, options: LimitOptions): Promise<void> => {
  const limits = limiterChanges(options);
  const scope = await readScope(context.call, options);
  const rate_limit_id = await onOf(context.call, scope, options.on);
  const now = await context.call(setRateLimitOverride, { body: { scope, rate_limit_id, limits } });
  const nameOf = await nameScopes(context.call, [scope]);
  context.show(now, ({ group, limits: left }) => {
    const what = `${nameOf(scope)}, on ${poolName(group)}`;
    return left.length === 0
      ? `${what}: no limit of its own.`
      : `${what}: ${left.map(({ type, value }) => `${grouped(value)} ${type}`).join(', ')}, from the next request on.`;
  });
};

const idIn = ({ type: _, ...named }: RateScope): string => Object.values(named)[0] ?? '';

/** Takes every limit away that somebody has, or those on one group of models. */
const clear = async (context: Context, options: Whose & { readonly on?: string }): Promise<void> => {
  const { call } = context;
  const scope = await readScope(call, options);
  const on = options.on === undefined ? undefined : await findPool(call, options.on);
  const { data } = await call(listRateLimitOverrides, { query: { scope_type: scope.type, scope_id: idIn(scope) } });
  const own = data.filter(({ rate_limit_id }) => on === undefined || rate_limit_id === on);
  if (own.length === 0) throw new Unfulfilled('There is no such limit.');
  const cleared: RateLimitOverride[] = [];
  for (const { rate_limit_id, limits } of own) {
    const nothing = LOWER_LIMITERS.filter((name) => limits.some(({ type }) => type === name));
    const gone = nothing.map((type) => ({ type, value: null }));
    cleared.push(await call(setRateLimitOverride, { body: { scope, rate_limit_id, limits: gone } }));
  }
  const nameOf = await nameScopes(call, [scope]);
  context.show(
    { data: cleared },
    () => `${nameOf(scope)} has no limit of its own on ${own.map(({ group }) => poolName(group)).join(', ')}.`,
  );
};

type ListOptions = { readonly for?: (typeof SCOPES)[number]; readonly limit: number; readonly csv?: true };

/** `remit rates list`, `limit` and `clear`: lower limits of workspaces, groups, members and keys. */
export const addLower = (rates: Command, open: OpenContext): void => {
  rates
    .command('list')
    .description('list the lower limits of workspaces, groups, members and keys')
    .option('--for <type>', `only those for one of ${SCOPES.join(', ')}`, oneOf(SCOPES))
    .option('--limit <number>', 'how many at most', pageSize, 1000)
    .option('--csv', 'all of them as a CSV file')
    .action(async ({ for: scope_type, limit, csv }: ListOptions, command: Command) => {
      const context = open(command);
      if (csv === true) return printFile(context.terminal, await context.call(exportRateLimitOverrides));
      const { data } = await context.call(listRateLimitOverrides, { query: { scope_type, limit } });
      await showOverrides(context, data);
    });
  withLimiters(withWhose(rates.command('limit')))
    .description(`set lower limits of somebody; ${NONE} takes one away. They hold from the next request on`)
    .option('--on <rate-limit-id|model>', 'the group of models or part of the API; all models when left out')
    .action((options: LimitOptions, command: Command) => setLower(open(command), options));
  withWhose(rates.command('clear'))
    .description('take every lower limit of somebody away')
    .option('--on <rate-limit-id|model>', 'only those on this group of models or part of the API')
    .action((options: Whose & { readonly on?: string }, command: Command) => clear(open(command), options));
};
