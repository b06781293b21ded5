import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { listApiKeys, listGroups, listRoles, listUserRoles, listUsers } from '../../directory/contract.ts';
import { call } from './client.ts';

const PAGE = 1000;

type IdPage<T> = { readonly data: readonly T[]; readonly has_more: boolean; readonly last_id: string | null };
type CursorPage<T> = { readonly data: readonly T[]; readonly next_page: string | null };

const readIdPages = async <T>(read: (after: string | undefined) => Promise<IdPage<T>>): Promise<readonly T[]> => {
  const all: T[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await read(after);
    all.push(...page.data);
    if (!page.has_more || page.last_id === null) return all;
    after = page.last_id;
  }
};

const readCursorPages = async <T>(
  read: (cursor: string | undefined) => Promise<CursorPage<T>>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await read(cursor);
    all.push(...page.data);
    if (page.next_page === null) return all;
    cursor = page.next_page;
  }
};

/** Every member of the organisation. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: () => readIdPages((after_id) => call(listUsers, { query: { limit: PAGE, after_id } })),
});

/** Every group, by name. */
export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: () => readCursorPages((page) => call(listGroups, { query: { limit: PAGE, page } })),
});

/** The groups one member is in, by name. */
export const groupsOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['groups', 'of', userId],
    queryFn: () => readCursorPages((page) => call(listGroups, { query: { limit: PAGE, page, user_id: userId } })),
  });

/** Every custom role, by name. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => readCursorPages((page) => call(listRoles, { query: { limit: PAGE, page } })),
});

/** Every key, newest first. */
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: () => readIdPages((after_id) => call(listApiKeys, { query: { limit: PAGE, after_id } })),
});

/** The keys of one member, newest first. */
export const keysOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['keys', 'of', userId],
    queryFn: () => readIdPages((after_id) => call(listApiKeys, { query: { limit: PAGE, after_id, user_id: userId } })),
  });

/** The custom roles attached to one member directly. */
export const userRolesQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId, 'roles'],
    queryFn: () => call(listUserRoles, { params: { user_id: userId } }),
    select: (reply) => reply.data.map((attachment) => attachment.role_id),
  });

type Lists = { readonly users?: boolean; readonly groups?: boolean; readonly roles?: boolean };

/** Names for ids, from the lists asked for, as far as they have been read; an unknown id stands for itself. */
export const useNames = (lists: Lists) => {
  const users = useQuery({ ...usersQuery, enabled: lists.users ?? false }).data;
  const groups = useQuery({ ...groupsQuery, enabled: lists.groups ?? false }).data;
  const roles = useQuery({ ...rolesQuery, enabled: lists.roles ?? false }).data;
  return useMemo(() => {
    const names = new Map<string, string>([
      ...(users ?? []).map((user) => [user.id, user.name] as const),
      ...(groups ?? []).map((group) => [group.id, group.name] as const),
      ...(roles ?? []).map((role) => [role.id, role.display_name] as const),
    ]);
    return (id: string): string => names.get(id) ?? id;
  }, [users, groups, roles]);
};
