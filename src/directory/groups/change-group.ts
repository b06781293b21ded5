import { type Doer, Refusal } from '../../kernel/index.ts';
import { isUniqueViolation } from '../../platform/index.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { refuseOwnerAccess } from './owner-access.ts';
import { type Group, groupStore } from './store.ts';

const GROUPS_MAX = 100;

const nameTaken = (name: string) =>
  new Refusal('conflict', `There is a group named "${name}" already. Choose another name.`);

const refuseTakenName =
  (name: string) =>
  (error: unknown): never => {
    throw isUniqueViolation(error) ? nameTaken(name) : error;
  };

/** Creates a group; names are unique and an organisation holds at most a hundred, beside those of identity providers. */
export const createGroup =
  ({ database, changePolicy, record, now, newId }: DirectoryDeps) =>
  (name: string, by: Doer): Promise<Group> =>
    changeInTurn(database, async (sql) => {
      const groups = groupStore(sql);
      if ((await groups.countDirect()) >= GROUPS_MAX)
        throw new Refusal('conflict', `An organisation can have ${GROUPS_MAX} groups; delete one first.`);
      const at = now();
      const group: Group = { id: newId('group'), name, source_type: 'direct', created_at: at, updated_at: at };
      await groups.insert(group);
      await changePolicy(sql, { entity: 'group', id: group.id });
      await record(sql, by, { type: 'group_created', group_id: group.id, group_name: name });
      return group;
    }).catch(refuseTakenName(name));

/** Renames a group that is managed here (not one that an identity provider owns). */
export const renameGroup =
  ({ database, changePolicy, record, now }: DirectoryDeps) =>
  (id: string, name: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const groups = groupStore(sql);
      refuseProvisioned(await groups.find(id), id);
      await groups.rename(id, name, now());
      await changePolicy(sql, { entity: 'group', id });
      await record(sql, by, { type: 'group_updated', group_id: id });
    }).catch(refuseTakenName(name));

/** Deletes a group. Its members stay; its service keys are archived, because no rules would bind them any more. */
export const deleteGroup =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const groups = groupStore(sql);
      refuseProvisioned(await groups.find(id), id);
      await refuseOwnerAccess(sql, id, by);
      const keyIds = await apiKeyStore(sql).archiveOf({ groupId: id });
      await groups.remove(id);
      await changePolicy(
        sql,
        { entity: 'group', id },
        ...keyIds.map((keyId) => ({ entity: 'api_key' as const, id: keyId })),
      );
      await record(sql, by, { type: 'group_deleted', group_id: id });
    });

/** Answers the group if it exists and is managed here; refuses otherwise. */
export const refuseProvisioned = (group: Group | undefined, id: string): Group => {
  if (group === undefined) throw notFound('group', id);
  if (group.source_type === 'scim')
    throw new Refusal('invalid_request', 'This group comes from the identity provider; change it there.');
  return group;
};
