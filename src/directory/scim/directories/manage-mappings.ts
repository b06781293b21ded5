import { type Doer, ORGANISATION_ROLES, type OrganisationRole, Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { attachGroupRole, detachGroupRole } from '../../groups/change-membership.ts';
import { groupStore } from '../../groups/store.ts';
import { protectAdministrators } from '../../members/protect-owners.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { scimGroupStore } from '../store/group-store.ts';
import { mappingStore } from '../store/mapping-store.ts';
import type { Tables } from '../tables.ts';
import { findDirectory } from './manage-directory.ts';

export type MappingKind = 'organization_role' | 'rbac_role' | 'seat_type';

/** What a group means: the group's custom roles are mappings too, though they are kept with the group. */
export type ShownMapping = {
  readonly id: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly kind: MappingKind;
  readonly value: string;
};

export type NewMapping = { readonly groupId: string; readonly kind: MappingKind; readonly value: string };

/** Everything that the groups of a directory mean, by the group's name. */
export const listMappings = async (sql: Sql, directoryId: string): Promise<readonly ShownMapping[]> => {
  await findDirectory(sql, directoryId);
  const tables = sql.tables<Tables>();
  const groups = await tables
    .selectFrom('scim_groups as g')
    .innerJoin('rbac_groups as r', 'r.id', 'g.group_id')
    .select(['r.id', 'r.name'])
    .where('g.directory_id', '=', directoryId)
    .orderBy('r.name')
    .execute();
  const kept = Map.groupBy(await mappingStore(sql).list(directoryId), ({ group_id }) => group_id);
  const roles = await groupStore(sql).roleIds(groups.map(({ id }) => id));
  return groups.flatMap(({ id: groupId, name: groupName }) => [
    ...(kept.get(groupId) ?? []).map(({ id, kind, value }) => ({ id, groupId, groupName, kind, value })),
    ...(roles.get(groupId) ?? []).map((value) => ({
      id: `${groupId}.${value}`,
      groupId,
      groupName,
      kind: 'rbac_role' as const,
      value,
    })),
  ]);
};

/**
 * Says what a group means. People keep what they have until the next sync. Only owners map groups to owners and admins;
 * the primary owner is a person, not a mapping.
 */
export const addMapping =
  (deps: DirectoryDeps) =>
  async (directoryId: string, { groupId, kind, value }: NewMapping, by: Doer): Promise<ShownMapping> => {
    await findGroup(deps.database, directoryId, groupId);
    if (kind === 'rbac_role') await attachGroupRole(deps)(groupId, value, by);
    else await changeInTurn(deps.database, (sql) => replace(deps, sql, { directoryId, groupId, kind, value, by }));
    const found = (await listMappings(deps.database, directoryId)).find(
      (one) => one.groupId === groupId && one.kind === kind && one.value === value,
    );
    if (found === undefined) throw notFound('mapping of this group', groupId);
    return found;
  };

const findGroup = async (sql: Sql, directoryId: string, groupId: string): Promise<void> => {
  await findDirectory(sql, directoryId);
  if ((await scimGroupStore(sql).find(directoryId, groupId)) === undefined)
    throw notFound('group of this directory', groupId);
};

type Replacing = {
  readonly directoryId: string;
  readonly groupId: string;
  readonly kind: 'organization_role' | 'seat_type';
  readonly value: string;
  readonly by: Doer;
};

const replace = async (deps: DirectoryDeps, sql: Sql, wanted: Replacing): Promise<void> => {
  const { directoryId, groupId, kind, value, by } = wanted;
  if (kind === 'organization_role') protectAdministrators(by, mappableRole(value));
  const mappings = mappingStore(sql);
  const before = (await mappings.list(directoryId)).find((one) => one.group_id === groupId && one.kind === kind);
  if (before?.value === value) return;
  if (before !== undefined) await mappings.remove(before.id);
  await mappings.insert({
    id: deps.newId('directoryMapping'),
    directory_id: directoryId,
    group_id: groupId,
    kind,
    value,
    created_at: deps.now(),
  });
  await recordChange(deps, sql, { ...wanted, before: before?.value ?? null, after: value });
};

const mappableRole = (value: string): OrganisationRole => {
  const role = ORGANISATION_ROLES.find((one) => one === value);
  if (role === undefined || role === 'primary_owner')
    throw new Refusal('invalid_request', 'A group is mapped to owner, membership_admin, managed (Custom) or user.');
  return role;
};

type Recorded = Pick<Replacing, 'directoryId' | 'groupId' | 'kind' | 'by'> & {
  readonly before: string | null;
  readonly after: string | null;
};

const recordChange = (deps: DirectoryDeps, sql: Sql, { directoryId, groupId, kind, by, before, after }: Recorded) =>
  deps.record(sql, by, {
    type: kind === 'organization_role' ? 'org_sso_group_role_mappings_updated' : 'org_sso_seat_tier_mappings_updated',
    directory_id: directoryId,
    updates: [{ type: groupId, previous_value: before, current_value: after }],
  });

/** Takes a mapping away. People keep what they have until the next sync. */
export const removeMapping =
  (deps: DirectoryDeps) =>
  async (directoryId: string, mappingId: string, by: Doer): Promise<void> => {
    await findDirectory(deps.database, directoryId);
    const [groupId = '', roleId] = mappingId.split('.');
    if (roleId !== undefined) {
      await findGroup(deps.database, directoryId, groupId);
      return detachGroupRole(deps)(groupId, roleId, by);
    }
    await changeInTurn(deps.database, async (sql) => {
      const mapping = await mappingStore(sql).find(directoryId, mappingId);
      if (mapping === undefined) throw notFound('mapping', mappingId);
      const { group_id: of, kind, value } = mapping;
      if (kind === 'organization_role') protectAdministrators(by, mappableRole(value));
      await mappingStore(sql).remove(mappingId);
      await recordChange(deps, sql, { directoryId, groupId: of, kind, by, before: value, after: null });
    });
  };
