import {
  type ApiKey,
  getApiKey,
  getUser,
  listApiKeys,
  listGroups,
  listUsers,
  listWorkspaces,
  type RbacGroup,
  type User,
  type Workspace,
} from '../directory/contract.ts';
import type { Call } from '../platform/contract.ts';
import { Unfulfilled } from './failure.ts';
import { readIdPages } from './pages.ts';

/** The member with this id or e-mail address. */
export const findUser = async (call: Call, asked: string): Promise<User> => {
  if (!asked.includes('@')) return call(getUser, { params: { user_id: asked } });
  const { data } = await call(listUsers, { query: { email: asked } });
  const [user] = data;
  if (user === undefined) throw new Unfulfilled(`There is no member with the e-mail address ${asked}.`);
  return user;
};

const PAGE = 1000;

/** The group with this id or name. An organisation has at most a hundred groups, so one page holds them all. */
export const findGroup = async (call: Call, asked: string): Promise<RbacGroup> => {
  const { data } = await call(listGroups, { query: { limit: PAGE } });
  const group = data.find(({ id, name }) => id === asked || name.toLowerCase() === asked.toLowerCase());
  if (group === undefined) throw new Unfulfilled(`There is no group with the id or name ${asked}.`);
  return group;
};

/** The workspace with this id or name, archived ones left out. An organisation has at most a hundred. */
export const findWorkspace = async (call: Call, asked: string): Promise<Workspace> => {
  const { data } = await call(listWorkspaces, { query: { limit: PAGE, include_default: 'true' } });
  const workspace = data.find(({ id, name }) => id === asked || name.toLowerCase() === asked.toLowerCase());
  if (workspace === undefined) throw new Unfulfilled(`There is no workspace with the id or name ${asked}.`);
  return workspace;
};

/** The key with this id or name. Names of keys are not unique: of several, none is found. */
export const findKey = async (call: Call, asked: string): Promise<ApiKey> => {
  if (asked.startsWith('apikey_')) return call(getApiKey, { params: { api_key_id: asked } });
  const alike = await readIdPages((query) => call(listApiKeys, { query: { ...query, search: asked } }));
  const named = alike.filter(({ name, status }) => name === asked && status !== 'archived');
  const [only, ...others] = named;
  if (only === undefined) throw new Unfulfilled(`There is no key with the id or name ${asked}.`);
  if (others.length === 0) return only;
  throw new Unfulfilled(
    `There are ${named.length} keys of the name ${asked}. Give the id of one: ${named.map(({ id }) => id).join(', ')}.`,
  );
};
