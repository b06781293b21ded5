import { getApiKey, listGroups, listUsers, listWorkspaces } from '../directory/contract.ts';
import { ApiError, type Call } from '../platform/contract.ts';
import type { RateScope, SpendScope } from '../spend/contract.ts';
import { mapAtOnce } from './pages.ts';

/** Whom a limit is for, as the APIs name them. */
export type AnyScope = SpendScope | RateScope;

/** Says in words whom a scope is for. */
export type NameScope = (scope: AnyScope) => string;

const idsIn = (scopes: readonly AnyScope[], types: readonly AnyScope['type'][]): readonly string[] => {
  const ids = scopes.flatMap(({ type, ...named }) => (types.includes(type) ? Object.values(named) : []));
  return [...new Set(ids)];
};

type Pairs = readonly (readonly [id: string, name: string])[];

const ALL = 1000;
const IDS_AT_ONCE = 100;

const userNames = async (call: Call, ids: readonly string[]): Promise<Pairs> => {
  const parts = Array.from({ length: Math.ceil(ids.length / IDS_AT_ONCE) }, (_, at) =>
    ids.slice(at * IDS_AT_ONCE, (at + 1) * IDS_AT_ONCE),
  );
  const found = await mapAtOnce(parts, (some) => call(listUsers, { query: { ids: [...some], limit: IDS_AT_ONCE } }));
  return found.flatMap(({ data }) => data.map(({ id, email }) => [id, email] as const));
};

const keyNames = async (call: Call, ids: readonly string[]): Promise<Pairs> => {
  const read = async (api_key_id: string): Promise<Pairs> => {
    try {
      const { id, name } = await call(getApiKey, { params: { api_key_id } });
      return [[id, name]];
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return [];
      throw error;
    }
  };
  return (await mapAtOnce(ids, read)).flat();
};

const groupNames = async (call: Call, ids: readonly string[]): Promise<Pairs> =>
  ids.length === 0
    ? []
    : (await call(listGroups, { query: { limit: ALL } })).data.map(({ id, name }) => [id, name] as const);

const workspaceNames = async (call: Call, ids: readonly string[]): Promise<Pairs> => {
  if (ids.length === 0) return [];
  const query = { limit: ALL, include_default: 'true', include_archived: 'true' } as const;
  return (await call(listWorkspaces, { query })).data.map(({ id, name }) => [id, name] as const);
};

/** Looks up the names of everybody and everything that limits are for. What has gone is called by its id. */
export const nameScopes = async (call: Call, scopes: readonly AnyScope[]): Promise<NameScope> => {
  const found = await Promise.all([
    userNames(call, idsIn(scopes, ['user'])),
    groupNames(call, idsIn(scopes, ['rbac_group', 'rbac_group_pool'])),
    workspaceNames(call, idsIn(scopes, ['workspace'])),
    keyNames(call, idsIn(scopes, ['api_key'])),
  ]);
  const names = new Map(found.flat());
  return (scope) => inWords(scope, (id) => names.get(id) ?? id);
};

const inWords = (scope: AnyScope, nameOf: (id: string) => string): string => {
  switch (scope.type) {
    case 'organization_total':
      return 'the whole organisation';
    case 'organization':
      return 'each member';
    case 'session':
      return 'each session';
    case 'seat_tier':
      return `seat ${scope.seat_tier}`;
    case 'rbac_group':
      return `each member of ${nameOf(scope.rbac_group_id)}`;
    case 'rbac_group_pool':
      return `${nameOf(scope.rbac_group_id)} together`;
    case 'user':
      return nameOf(scope.user_id);
    case 'workspace':
      return `workspace ${nameOf(scope.workspace_id)}`;
    case 'api_key':
      return `key ${nameOf(scope.api_key_id)}`;
    default:
      return scope satisfies never;
  }
};
