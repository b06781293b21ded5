import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { listApiKeys, listGroups, listRoles, listUserRoles } from '../../directory/contract.ts';
import { call } from './client.ts';

const CALL_MAX = 1000;
const PAGE = 50;

type CursorPage<T> = { readonly data: readonly T[]; readonly next_page: string | null };

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

/** The groups that are kept here, by name; there are a hundred at most, while identity providers bring any number. */
export const ownGroupsQuery = queryOptions({
  queryKey: ['groups', 'own'],
  queryFn: async () => (await call(listGroups, { query: { limit: CALL_MAX, source_type: 'direct' } })).data,
});

/** One page of groups by name, those whose name contains a text. */
export const groupPageQuery = (search: string, page: string | undefined) =>
  queryOptions({
    queryKey: ['groups', 'page', search, page],
    queryFn: () => call(listGroups, { query: { limit: PAGE, page, search: search === '' ? undefined : search } }),
    placeholderData: keepPreviousData,
  });

/** The groups one member is in, by name. */
export const groupsOfQuery = (userId: string) =>
  queryOptions({
    queryKey: ['groups', 'of', userId],
    queryFn: () => readCursorPages((page) => call(listGroups, { query: { limit: CALL_MAX, page, user_id: userId } })),
  });

/** The groups that carry one custom role, by name. */
export const groupsWithQuery = (roleId: string) =>
  queryOptions({
    queryKey: ['groups', 'with', roleId],
    queryFn: () => readCursorPages((page) => call(listGroups, { query: { limit: CALL_MAX, page, role_id: roleId } })),
  });

/** Every custom role, by name. */
export const rolesQuery = queryOptions({
  queryKey: ['roles'],
  queryFn: () => readCursorPages((page) => call(listRoles, { query: { limit: CALL_MAX, page } })),
});

/** Which keys are listed; everything absent is all of them. */
export type KeyFilter = {
  readonly status?: 'active' | 'inactive' | 'archived' | 'expired' | undefined;
  /** Part of a name, or of what is shown of the key itself. */
  readonly search?: string | undefined;
  readonly user_id?: string | undefined;
  readonly rbac_group_id?: string | undefined;
  readonly workspace_id?: string | undefined;
};

/** How keys are sorted. */
export type KeyOrder = { readonly sort_by: 'created' | 'name'; readonly sort_order: 'asc' | 'desc' };

type KeyPage = { readonly filter: KeyFilter; readonly order: KeyOrder };

/** One page of keys. */
export const keyPageQuery = ({ filter, order }: KeyPage, after_id: string | undefined) =>
  queryOptions({
    queryKey: ['keys', filter, order, after_id],
    queryFn: () => call(listApiKeys, { query: { ...filter, ...order, limit: PAGE, after_id } }),
    placeholderData: keepPreviousData,
  });

/** The custom roles attached to one member directly. */
export const userRolesQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId, 'roles'],
    queryFn: () => call(listUserRoles, { params: { user_id: userId } }),
    select: (reply) => reply.data.map((attachment) => attachment.role_id),
  });

/** Answers what custom roles are called; one that is not known, or not yet, stands for itself. */
export const useRoleNames = (): ((id: string) => string) => {
  const roles = useQuery(rolesQuery).data ?? [];
  const names = new Map(roles.map(({ id, display_name }) => [id, display_name]));
  return (id) => names.get(id) ?? id;
};
