import { type QueryFunctionContext, queryOptions, useQueries } from '@tanstack/react-query';
import { getConnector, getModelAccess } from '../../access/contract.ts';
import { listActivities } from '../../activity/contract.ts';
import { getApiKey, getGroup, getRole, getWorkspace, listUsers } from '../../directory/contract.ts';
import type { Permission } from '../../kernel/index.ts';
import { isNotFound } from '../kit/error-words.ts';
import { call } from './client.ts';
import { gather } from './gather.ts';
import { holds, useSession } from './session.ts';

/** What can be named by its id. */
export type Named = {
  readonly kind: 'member' | 'group' | 'role' | 'key' | 'model' | 'server' | 'workspace';
  readonly id: string;
};

const NAMES_KEPT_MS = 300_000;

/** What something was called when it was made: the feed still knows the names of what has been deleted. */
const nameAtBirth = async (type: string, field: string, id: string): Promise<string | null> => {
  const { data } = await call(listActivities, { query: { activity_types: [type], subject_id: id, limit: 1 } });
  const name = data[0]?.[field];
  return typeof name === 'string' ? name : null;
};

const USERS_MAX = 100;

/** Names of members, many in one call: a page of keys or activities has one for each row. */
const memberNames = gather(USERS_MAX, async (ids) => {
  const { data } = await call(listUsers, { query: { ids: [...ids], limit: USERS_MAX } });
  return new Map(data.map(({ id, name }) => [id, name]));
});

type Source = {
  readonly permission: Permission;
  /** Answers nothing, or rejects with `not_found`, for what is not there any more. */
  readonly read: (id: string) => Promise<string | undefined>;
  readonly afterwards?: (id: string) => Promise<string | null>;
};

const SOURCES: Readonly<Record<Named['kind'], Source>> = {
  member: {
    permission: 'users:view',
    read: memberNames,
  },
  group: {
    permission: 'identity:view',
    read: async (group_id) => (await call(getGroup, { params: { group_id } })).name,
    afterwards: (id) => nameAtBirth('group_created', 'group_name', id),
  },
  role: {
    permission: 'identity:view',
    read: async (role_id) => (await call(getRole, { params: { role_id } })).display_name,
    afterwards: (id) => nameAtBirth('rbac_role_created', 'role_name', id),
  },
  key: {
    permission: 'keys:view',
    read: async (api_key_id) => (await call(getApiKey, { params: { api_key_id } })).name,
  },
  model: {
    permission: 'identity:view',
    read: async (model) => (await call(getModelAccess, { params: { model } })).display_name,
  },
  server: {
    permission: 'libraries:view',
    read: async (connector_id) => (await call(getConnector, { params: { connector_id } })).name,
    afterwards: (id) => nameAtBirth('mcp_server_created', 'mcp_server_name', id),
  },
  workspace: {
    permission: 'keys:view',
    read: async (workspace_id) => (await call(getWorkspace, { params: { workspace_id } })).name,
  },
};

/** A name, and whether the thing still exists and so has a page. */
type Name = { readonly name: string | null; readonly exists: boolean };

const readName = async ({ kind, id }: Named): Promise<Name> => {
  const source = SOURCES[kind];
  const name = await source.read(id).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
    return undefined;
  });
  return name === undefined ? { name: (await source.afterwards?.(id)) ?? null, exists: false } : { name, exists: true };
};

const nameQuery = (named: Named, permissions: readonly string[]) => {
  const source = SOURCES[named.kind];
  return queryOptions({
    queryKey: ['name', named.kind, named.id] as const,
    queryFn: (_: QueryFunctionContext) => readName(named),
    enabled: holds(permissions, source.permission),
    staleTime: NAMES_KEPT_MS,
    retry: false,
  });
};

/** Looks up what things are called, each once; an id that has no name, or none that may be seen, answers undefined. */
export const useNamesOf = (all: readonly Named[]): ReadonlyMap<string, Name> => {
  const { permissions } = useSession();
  const distinct = [...new Map(all.map((named) => [named.id, { kind: named.kind, id: named.id }])).values()];
  return useQueries({
    queries: distinct.map((named) => nameQuery(named, permissions)),
    combine: (results) =>
      new Map(
        distinct.flatMap(({ id }, at) => {
          const name = results[at]?.data;
          return name === undefined ? [] : [[id, name] as const];
        }),
      ),
  });
};
