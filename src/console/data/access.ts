import { queryOptions } from '@tanstack/react-query';
import { getGroupAccess, getModelMatrix, getMyAccess, getUserAccess } from '../../access/contract.ts';
import { call } from './client.ts';

/** The matrix of models and roles. It is edited in place, so it is read again only when asked. */
export const matrixQuery = queryOptions({
  queryKey: ['matrix'],
  queryFn: () => call(getModelMatrix),
  staleTime: 0,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
});

/** What a member may use, and why. */
export const userAccessQuery = (userId: string) =>
  queryOptions({
    queryKey: ['access', 'user', userId],
    queryFn: () => call(getUserAccess, { params: { user_id: userId } }),
    staleTime: 0,
  });

/** What the service keys of a group may use, and why. */
export const groupAccessQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['access', 'group', groupId],
    queryFn: () => call(getGroupAccess, { params: { group_id: groupId } }),
    staleTime: 0,
  });

/** What the person signed in may use, and why. */
export const myAccessQuery = queryOptions({
  queryKey: ['access', 'me'],
  queryFn: () => call(getMyAccess),
  staleTime: 0,
});
