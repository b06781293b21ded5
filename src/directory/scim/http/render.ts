import { projectionOf } from '../rules/projection.ts';
import { locationOf, type Rendering, renderResource } from '../rules/render-resource.ts';
import { GROUP, type ResourceType, USER } from '../rules/schema/resource-type.ts';
import { ScimError } from '../rules/scim-error.ts';
import type { JsonObject } from '../rules/value.ts';
import { type ScimGroup, scimGroupStore } from '../store/group-store.ts';
import { type ScimUser, scimUserStore } from '../store/user-store.ts';
import type { Exchange } from './exchange.ts';

/** So many members go into one answer; a client that wants more of them asks for fewer groups. */
const MEMBERS_MAX = 100_000;

const renderingOf = ({ base, wanted }: Exchange, type: ResourceType): Rendering => ({
  type,
  base,
  projection: projectionOf(type, wanted),
});

const topOf = (type: ResourceType, key: string) => {
  const top = type.byName.get(key);
  if (top === undefined) throw new Error(`${type.name} has no ${key}`);
  return top;
};

const USER_GROUPS = topOf(USER, 'groups');
const GROUP_MEMBERS = topOf(GROUP, 'members');

/** People as they are answered, with the groups they are in. */
export const renderUsers = async (exchange: Exchange, users: readonly ScimUser[]): Promise<readonly JsonObject[]> => {
  const rendering = renderingOf(exchange, USER);
  const ids = rendering.projection.shows(USER_GROUPS) ? users.map(({ id }) => id) : [];
  const groups = await scimUserStore(exchange.deps.database).groupsOf(ids);
  return users.map((user) => {
    const of = groups.get(user.id);
    const list = of?.map(({ group_id: id, name }) => ({
      value: id,
      $ref: locationOf(exchange.base, GROUP, id),
      display: name,
    }));
    return renderResource(rendering, user, new Map(list === undefined ? [] : [['groups', list]]));
  });
};

/** Groups as they are answered, with their members unless those are not wanted. */
export const renderGroups = async (
  exchange: Exchange,
  groups: readonly ScimGroup[],
): Promise<readonly JsonObject[]> => {
  const rendering = renderingOf(exchange, GROUP);
  if (!rendering.projection.shows(GROUP_MEMBERS)) return groups.map((group) => renderResource(rendering, group));
  const store = scimGroupStore(exchange.deps.database);
  const ids = groups.map(({ id }) => id);
  if ((await store.countMembers(ids)) > MEMBERS_MAX)
    throw new ScimError(
      400,
      'These groups have more members than one answer holds. Ask for fewer groups, or with excludedAttributes=members.',
      { scimType: 'tooMany' },
    );
  const members = await store.membersOf(ids);
  return groups.map((group) => {
    const list = (members.get(group.id) ?? []).map(({ user_id: id, name }) => ({
      value: id,
      $ref: locationOf(exchange.base, USER, id),
      display: name,
      type: 'User',
    }));
    return renderResource(rendering, group, new Map([['members', list]]));
  });
};
