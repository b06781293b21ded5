import { createGroup, deleteGroup, saveGroup } from '../groups/save-group.ts';
import { applyPatch } from '../rules/patch/apply-patch.ts';
import { readPatch } from '../rules/patch/read-patch.ts';
import { readResource } from '../rules/read-resource.ts';
import { GROUP } from '../rules/schema/resource-type.ts';
import { type ScimGroup, scimGroupStore } from '../store/group-store.ts';
import type { ResourceEndpoint } from './endpoint.ts';
import { renderGroups } from './render.ts';

/** A group of more members than this is not sent back after a PATCH: one member changed should not cost them all. */
const MEMBERS_SENT_BACK_MAX = 500;

/** `/Groups`. */
export const groupsEndpoint: ResourceEndpoint<ScimGroup> = {
  type: GROUP,
  count: ({ deps, directory }, condition) => scimGroupStore(deps.database).count(directory.id, condition),
  page: ({ deps, directory }, page) => scimGroupStore(deps.database).page(directory.id, page),
  find: ({ sql, directory }, id) => scimGroupStore(sql).find(directory.id, id),
  render: renderGroups,
  create: (change, exchange, body) =>
    change.run(exchange, async (work) => {
      const { resource, members = [] } = readResource(GROUP, body);
      return createGroup(work, resource, members);
    }),
  // What a PUT does not name is cleared (RFC 7644 §3.5.1), members too.
  replace: (work, before, body) => {
    const { resource, members = [] } = readResource(GROUP, body);
    return saveGroup(work, before, { resource, members: [{ kind: 'replace', ids: members }] });
  },
  patch: (work, before, body) => {
    const { operations, memberChanges } = readPatch(GROUP, body, before.id);
    const resource = applyPatch(GROUP, before.resource, operations);
    return saveGroup(work, before, { resource, members: memberChanges });
  },
  remove: deleteGroup,
  isLarge: ({ deps }, id) => scimGroupStore(deps.database).hasMoreMembersThan(id, MEMBERS_SENT_BACK_MAX),
};
