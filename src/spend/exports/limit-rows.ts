import { type Names, readNames } from '../../directory/index.ts';
import type { CsvRows, Sql } from '../../platform/index.ts';
import { SCOPE_TYPES, type SettableScope, targetOf } from '../limits/rules/limit.ts';
import { stepText } from '../limits/steps/contract.ts';
import { limitStore, type StoredLimit } from '../limits/store.ts';
import { toWireLimit, toWireTime } from '../limits/wire.ts';
import { toUsd } from '../wire.ts';

const PAGE = 1000;

/** The word for an amount without end. */
export const UNLIMITED = 'unlimited';

/** Every limit that is set, in the order of the list. */
export async function* limitRows(sql: Sql): CsvRows {
  yield [
    ...['scope_type', 'scope_id', 'name', 'email', 'period', 'limit_usd', 'mode', 'enabled', 'steps'],
    ...['id', 'created_at', 'updated_at'],
  ];
  let after: readonly string[] | undefined;
  for (;;) {
    const limits = (await limitStore(sql).list({ types: SCOPE_TYPES, limit: PAGE, after })).slice(0, PAGE);
    const names = await readNamesOf(
      sql,
      limits.map(({ scope }) => scope),
    );
    for (const limit of limits) yield rowOf(limit, names);
    const last = limits.at(-1);
    if (last === undefined || limits.length < PAGE) return;
    after = [String(SCOPE_TYPES.indexOf(last.scope.type)), last.id];
  }
}

const rowOf = (limit: StoredLimit, names: Names): readonly string[] => {
  const { scope, amountMicros } = limit;
  return [
    scope.type,
    targetOf(scope),
    nameOf(scope, names),
    scope.type === 'user' ? (names.members.get(scope.userId)?.email ?? '') : '',
    limit.period ?? '',
    amountMicros === null ? UNLIMITED : toUsd(amountMicros),
    limit.mode,
    limit.isEnabled ? 'yes' : 'no',
    toWireLimit(limit).ladder.map(stepText).join('; '),
    limit.id,
    toWireTime(limit.createdAt),
    toWireTime(limit.updatedAt),
  ];
};

const idsOf = <Type extends SettableScope['type']>(scopes: readonly SettableScope[], ...types: readonly Type[]) => [
  ...new Set(scopes.filter(({ type }) => types.some((one) => one === type)).map(targetOf)),
];

/** The names of those whom limits are for. */
export const readNamesOf = (sql: Sql, scopes: readonly SettableScope[]): Promise<Names> =>
  readNames(sql, {
    members: idsOf(scopes, 'user'),
    groups: idsOf(scopes, 'rbac_group', 'rbac_group_pool'),
    workspaces: idsOf(scopes, 'workspace'),
    apiKeys: idsOf(scopes, 'api_key'),
  });

/** What people call the one that a limit is for; empty for those of which there is one. */
export const nameOf = (scope: SettableScope, { members, groups, workspaces, apiKeys }: Names): string => {
  switch (scope.type) {
    case 'organization':
    case 'organization_total':
    case 'session':
      return '';
    case 'seat_tier':
      return scope.seatTier;
    case 'user':
      return members.get(scope.userId)?.name ?? '';
    case 'rbac_group':
    case 'rbac_group_pool':
      return groups.get(scope.groupId)?.name ?? '';
    case 'workspace':
      return workspaces.get(scope.workspaceId)?.name ?? '';
    case 'api_key':
      return apiKeys.get(scope.keyId)?.name ?? '';
    default:
      return scope satisfies never;
  }
};
