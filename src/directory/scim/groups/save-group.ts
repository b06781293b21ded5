import { apiKeyStore } from '../../api-keys/store.ts';
import { groupStore } from '../../groups/store.ts';
import type { MemberChange } from '../rules/patch/operation.ts';
import { badRequest } from '../rules/scim-error.ts';
import { type Resource, sameResource } from '../rules/value.ts';
import { type ScimGroup, scimGroupStore } from '../store/group-store.ts';
import { membershipStore } from '../store/membership-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { notUnique } from '../users/save-user.ts';
import { changeMembers } from './change-members.ts';
import { membershipChanged } from './membership-changed.ts';

const NAME_CHARS_MAX = 255;

const nameOf = (resource: Resource): string => {
  const name = String(resource.get('displayName') ?? '').trim();
  if (name.length > NAME_CHARS_MAX)
    throw badRequest('invalidValue', `displayName is longer than ${NAME_CHARS_MAX} characters.`);
  return name;
};

// The name is one of the organisation's groups too, where it tells groups of all sources apart.
const refuseTakenName = async ({ sql, directory }: Work, name: string, groupId?: string): Promise<void> => {
  const other = await groupStore(sql).findByName(name);
  const known = await scimGroupStore(sql).findByName(directory.id, name);
  if ((other !== undefined && other.id !== groupId) || (known !== undefined && known.id !== groupId))
    throw notUnique(`There is a group named "${name}" already, in this directory or in Remit.`);
};

/** Takes in a group the identity provider creates, with its members. A name that is taken is 409 `uniqueness`. */
export const createGroup = async (work: Work, resource: Resource, memberIds: readonly string[]): Promise<ScimGroup> => {
  const { deps, sql, by, directory } = work;
  const name = nameOf(resource);
  await refuseTakenName(work, name);
  const at = deps.now();
  const id = deps.newId('group');
  await groupStore(sql).insert({ id, name, source_type: 'scim', created_at: at, updated_at: at });
  const group = { id, directoryId: directory.id, resource, version: 1, createdAt: at, updatedAt: at };
  await scimGroupStore(sql).insert(directory.id, group);
  await deps.changePolicy(sql, { entity: 'group', id });
  await deps.record(sql, by, { type: 'group_created', group_id: id, group_name: name });
  await noteChanges(work, { kind: 'group_added', groupId: id, people: 0, detail: name });
  await changeMembers(work, group, [{ kind: 'add', ids: memberIds }]);
  return group;
};

/** A group's attributes and members as they should be after a change. */
export type GroupChanges = { readonly resource: Resource; readonly members: readonly MemberChange[] };

/** Changes a group; its version moves on only if something changed. Answers the group as it is then. */
export const saveGroup = async (work: Work, before: ScimGroup, changes: GroupChanges): Promise<ScimGroup> => {
  const isNew = !sameResource(before.resource, changes.resource);
  if (isNew) await rename(work, before, changes.resource);
  const isChanged = await changeMembers(work, before, changes.members);
  if (!isNew && !isChanged) return before;
  const after = {
    ...before,
    resource: changes.resource,
    version: before.version + 1,
    updatedAt: work.deps.now(),
  };
  await scimGroupStore(work.sql).update(after);
  return after;
};

const rename = async (work: Work, before: ScimGroup, resource: Resource): Promise<void> => {
  const { deps, sql, by } = work;
  const [earlier, name] = [nameOf(before.resource), nameOf(resource)];
  if (earlier !== name) {
    await refuseTakenName(work, name, before.id);
    await groupStore(sql).rename(before.id, name, deps.now());
    await deps.changePolicy(sql, { entity: 'group', id: before.id });
    await noteChanges(work, { kind: 'group_changed', groupId: before.id, people: 0, detail: `${earlier} → ${name}` });
  }
  await deps.record(sql, by, { type: 'group_updated', group_id: before.id });
};

/** Deletes a group. Its members stay members; they lose what it gave, and its service keys are archived. */
export const deleteGroup = async (work: Work, group: ScimGroup): Promise<void> => {
  const { deps, sql, by } = work;
  const memberIds = await membershipStore(sql).idsOf(group.id);
  await membershipStore(sql).remove(group.id, memberIds);
  await membershipChanged(work, group, { added: [], removed: memberIds });
  const keyIds = await apiKeyStore(sql).archiveOf({ groupId: group.id });
  await scimGroupStore(sql).remove(group.id);
  await groupStore(sql).remove(group.id);
  await deps.changePolicy(
    sql,
    { entity: 'group', id: group.id },
    ...keyIds.map((id) => ({ entity: 'api_key' as const, id })),
  );
  await deps.record(sql, by, { type: 'group_deleted', group_id: group.id });
  await noteChanges(work, {
    kind: 'group_removed',
    groupId: group.id,
    people: memberIds.length,
    detail: nameOf(group.resource),
  });
};
