import type { Snapshot } from '../../access/index.ts';
import { readNames } from '../../directory/index.ts';
import type { SpendDeps } from '../deps.ts';
import type * as contract from './contract.ts';
import type { Limiter } from './rules/limiter.ts';
import type { Pool } from './rules/pools.ts';
import { limitsOf } from './rules/rate-rules.ts';
import { LOWER_SCOPES, type LowerScope, ORGANISATION_SCOPE, type RateScope } from './rules/scope.ts';
import { groupFields, poolWithId, toWireScope, valuesOf } from './to-wire.ts';

/** A scope with limits of its own on a pool. */
export type Override = { readonly scope: RateScope & { readonly type: LowerScope }; readonly pool: Pool };

/** Whether there still is what a limit was set for; one that is gone for good binds nobody. */
const isThere = (
  { members, suspended, groups, workspaces, credentials }: Snapshot,
  { type, id }: Override['scope'],
) => {
  switch (type) {
    case 'user':
      return members.has(id) || suspended.has(id);
    case 'rbac_group':
      return groups.has(id);
    case 'workspace':
      return workspaces.get(id)?.isOpen === true;
    case 'api_key':
      return credentials.get(id)?.hasEnded === false;
    default:
      return type satisfies never;
  }
};

/** Which scopes have limits of their own on which pools, in the order of scopes; without those that are no more. */
export const listOverrides = ({ rates, policy }: Pick<SpendDeps, 'rates' | 'policy'>): readonly Override[] =>
  listAll(rates).filter(({ scope }) => isThere(policy.current(), scope));

const listAll = (rates: SpendDeps['rates']): readonly Override[] =>
  LOWER_SCOPES.flatMap((type) =>
    [...rates.rules().limits]
      .filter(([key]) => key.startsWith(`${type}:`))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([key, pools]) =>
        [...pools.keys()].flatMap((poolId) => {
          const pool = poolWithId(rates.pools(), poolId);
          return pool === undefined ? [] : [{ scope: { type, id: key.slice(type.length + 1) }, pool }];
        }),
      ),
  );

/** What there is of each kind of scope, in the directory's records of names. */
const NAMES_OF = { workspace: 'workspaces', rbac_group: 'groups', user: 'members', api_key: 'apiKeys' } as const;

/** Overrides as the endpoints show them, with the names of whose limits they are. */
export const describeOverrides = async (
  { rates, database }: Pick<SpendDeps, 'rates' | 'database'>,
  overrides: readonly Override[],
): Promise<contract.RateLimitOverride[]> => {
  const idsOf = (type: LowerScope) => [
    ...new Set(overrides.filter(({ scope }) => scope.type === type).map(({ scope }) => scope.id)),
  ];
  const names = await readNames(database, {
    members: idsOf('user'),
    groups: idsOf('rbac_group'),
    apiKeys: idsOf('api_key'),
    workspaces: idsOf('workspace'),
  });
  return overrides.map(({ scope, pool }) => {
    const org = limitsOf(rates.rules(), ORGANISATION_SCOPE, pool);
    return {
      type: 'rate_limit_override',
      scope: toWireScope(scope.type, scope.id),
      name: names[NAMES_OF[scope.type]].get(scope.id)?.name ?? null,
      rate_limit_id: pool.id,
      ...groupFields(pool),
      limits: valuesOf(limitsOf(rates.rules(), scope, pool)).map(({ type, value }) => ({
        type,
        value,
        org_limit: org[type as Limiter] ?? null,
      })),
    };
  });
};
