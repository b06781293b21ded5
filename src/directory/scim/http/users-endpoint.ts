import { applyPatch } from '../rules/patch/apply-patch.ts';
import { readPatch } from '../rules/patch/read-patch.ts';
import { readResource } from '../rules/read-resource.ts';
import { USER } from '../rules/schema/resource-type.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import { deleteUser } from '../users/delete-user.ts';
import { saveUser } from '../users/save-user.ts';
import type { ResourceEndpoint } from './endpoint.ts';
import { renderUsers } from './render.ts';

/** `/Users`. */
export const usersEndpoint: ResourceEndpoint<ScimUser> = {
  type: USER,
  count: ({ deps, directory }, condition) => scimUserStore(deps.database).count(directory.id, condition),
  page: ({ deps, directory }, page) => scimUserStore(deps.database).page(directory.id, page),
  find: ({ sql, directory }, id) => scimUserStore(sql).find(directory.id, id),
  render: renderUsers,
  create: (change, exchange, body) => change.addUser(exchange, body),
  replace: (work, before, body) => saveUser(work, before, readResource(USER, body).resource),
  patch: (work, before, body) => {
    const { operations } = readPatch(USER, body, before.id);
    return saveUser(work, before, applyPatch(USER, before.resource, operations));
  },
  remove: deleteUser,
  isLarge: async () => false,
};
