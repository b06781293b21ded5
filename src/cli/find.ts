import { getUser, listGroups, listUsers, type RbacGroup, type User } from '../directory/contract.ts';
import type { Call } from '../platform/contract.ts';
import { Unfulfilled } from './failure.ts';

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
