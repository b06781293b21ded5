import { type QueryClient, queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getSession } from '../../directory/contract.ts';
import { getStatus } from '../../gateway/contract.ts';
import type { Permission, PermissionArea } from '../../kernel/index.ts';
import type { ReplyOf } from '../../platform/contract.ts';
import { call } from './client.ts';

/** Who is signed in; `user` is null for a visitor. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: () => call(getSession),
  staleTime: 60_000,
});

/** The session, on pages that are only reached once it has been read. */
export const useSession = () => useSuspenseQuery(sessionQuery).data;

/** Where requests go and what needs attention, read again every minute. */
export const useStatus = () =>
  useQuery({ queryKey: ['status'], queryFn: () => call(getStatus), refetchInterval: 60_000, retry: false });

const AREA_NAMES: Readonly<Record<PermissionArea | 'keys', string>> = {
  keys: 'Keys',
  identity: 'Identity & access',
  users: 'User management',
  billing: 'Billing',
  analytics: 'Analytics',
  privacy: 'Privacy',
  libraries: 'Libraries',
};

/** `identity:manage` → `Identity & access (manage)`. */
export const permissionName = (permission: Permission): string => {
  const [area, level] = permission.split(':');
  const known = Object.entries(AREA_NAMES).find(([name]) => name === area);
  return known === undefined || level === undefined ? permission : `${known[1]} (${level})`;
};

/** Whether the person signed in holds a permission; `manage` includes `view`. */
export const holds = (permissions: readonly string[], wanted: Permission): boolean =>
  wanted === 'public' ||
  permissions.includes(wanted) ||
  (wanted.endsWith(':view') && permissions.includes(wanted.replace(':view', ':manage')));

/** Answers whether a permission is held and, if not, the sentence that says which one is missing. */
export const usePermission = (wanted: Permission): { readonly held: boolean; readonly reason: string | null } => {
  const held = holds(useSession().permissions, wanted);
  if (wanted === 'owner') return { held, reason: held ? null : 'Only an owner can change this.' };
  return {
    held,
    reason: held ? null : `You need the permission “${permissionName(wanted)}” for this. An owner can give it to you.`,
  };
};

/** Puts another session in place and forgets everything that was read under the one before. */
export const changeSession = (client: QueryClient, session: ReplyOf<typeof getSession>): void => {
  client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
  client.setQueryData(sessionQuery.queryKey, session);
};
