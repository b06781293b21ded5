import { queryOptions } from '@tanstack/react-query';
import {
  getIdentityProvider,
  getIpAllowList,
  getMySecurity,
  getSignInSettings,
  getUserSecurity,
  listIdentityProviders,
  listMyDevices,
  listMySessions,
  listUserDevices,
  listUserIdentities,
  listUsers,
} from '../../directory/contract.ts';
import { call } from './client.ts';

/** How the person signed in signs in, and what protects that. */
export const securityQuery = queryOptions({ queryKey: ['my-security'], queryFn: () => call(getMySecurity) });

/** How a member signs in, as administrators see it. */
export const userSecurityQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId, 'security'],
    queryFn: () => call(getUserSecurity, { params: { user_id: userId } }),
  });

/** The accounts at identity providers that sign in as a member. */
export const userIdentitiesQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId, 'identities'],
    queryFn: () => call(listUserIdentities, { params: { user_id: userId } }),
  });

/** Where the person signed in is signed in. */
export const sessionsQuery = queryOptions({ queryKey: ['my-sessions'], queryFn: () => call(listMySessions) });

/** The devices the person signed in has signed in on with Claude Code. */
export const myDevicesQuery = queryOptions({ queryKey: ['my-devices'], queryFn: () => call(listMyDevices) });

/** The devices a member is signed in on with Claude Code. */
export const userDevicesQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', userId, 'devices'],
    queryFn: () => call(listUserDevices, { params: { user_id: userId } }),
  });

/** The organisation's rules of signing in. */
export const signInSettingsQuery = queryOptions({
  queryKey: ['sign-in-settings'],
  queryFn: () => call(getSignInSettings),
});

/** From which addresses the installation may be used. */
export const allowListQuery = queryOptions({ queryKey: ['allow-list'], queryFn: () => call(getIpAllowList) });

/** The identity providers, in the order they were added. */
export const providersQuery = queryOptions({
  queryKey: ['identity-providers'],
  queryFn: () => call(listIdentityProviders),
});

/** One identity provider. */
export const providerQuery = (id: string) =>
  queryOptions({
    queryKey: ['identity-providers', id],
    queryFn: () => call(getIdentityProvider, { params: { provider_id: id } }),
  });

const OWNERS_MAX = 1000;

/** The owners, who alone can be accounts for emergencies. */
export const ownersQuery = queryOptions({
  queryKey: ['users', 'owners'],
  queryFn: async () =>
    (await call(listUsers, { query: { limit: OWNERS_MAX, roles: ['owner', 'primary_owner'] } })).data,
});
