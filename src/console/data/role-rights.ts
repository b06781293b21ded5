import { queryOptions } from '@tanstack/react-query';
import {
  getCapabilities,
  getGroupRole,
  getMyRole,
  getRoleCapabilities,
  getRoleConnectors,
  getUserRole,
} from '../../access/contract.ts';
import { getRolePermissions } from '../../directory/contract.ts';
import { call } from './client.ts';

// What is edited in place is read again only when asked, so that nothing moves under the hand.
const IN_PLACE = { staleTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

/** The organisation's switches of capabilities. */
export const capabilitiesQuery = queryOptions({
  queryKey: ['capabilities'],
  queryFn: () => call(getCapabilities),
  ...IN_PLACE,
});

/** A role's tabs, each by itself. */
export const roleCapabilitiesQuery = (roleId: string) =>
  queryOptions({
    queryKey: ['role-capabilities', roleId],
    queryFn: () => call(getRoleCapabilities, { params: { role_id: roleId } }),
    ...IN_PLACE,
  });

export const rolePermissionsQuery = (roleId: string) =>
  queryOptions({
    queryKey: ['role-permissions', roleId],
    queryFn: () => call(getRolePermissions, { params: { role_id: roleId } }),
    ...IN_PLACE,
  });

export const roleConnectorsQuery = (roleId: string) =>
  queryOptions({
    queryKey: ['role-connectors', roleId],
    queryFn: () => call(getRoleConnectors, { params: { role_id: roleId } }),
    ...IN_PLACE,
  });

/** What all roles of a member come to. */
export const userRoleQuery = (userId: string) =>
  queryOptions({
    queryKey: ['access', 'user', userId, 'role'],
    queryFn: () => call(getUserRole, { params: { user_id: userId } }),
    staleTime: 0,
  });

/** What the roles of a group come to. */
export const groupRoleQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['access', 'group', groupId, 'role'],
    queryFn: () => call(getGroupRole, { params: { group_id: groupId } }),
    staleTime: 0,
  });

/** What my roles come to. */
export const myRoleQuery = queryOptions({
  queryKey: ['access', 'me', 'role'],
  queryFn: () => call(getMyRole),
  staleTime: 0,
});
