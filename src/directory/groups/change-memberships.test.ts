import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { readPolicyVersion } from '../policy-changes.ts';
import { readMembers } from '../read-principals.ts';
import { createRole } from '../roles/change-role.ts';
import { setRolePermissions } from '../roles/set-role-permissions.ts';
import { BY_ADMIN, BY_OWNER, BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { createGroup } from './change-group.ts';
import { addGroupMember, attachGroupRole, removeGroupMember } from './change-membership.ts';
import { addGroupMembers, removeGroupMembers } from './change-memberships.ts';
import { groupStore } from './store.ts';

forEachDatabase((_engine, open) => {
  const start = async () => {
    const directory = await openDirectory(await open());
    const group = await createGroup(directory.deps)('Builders', BY_TEST);
    const feed = async () =>
      (await directory.database.tables<ActivityTables>().selectFrom('activities').selectAll().execute())
        .filter(({ type }) => type.startsWith('group_member'))
        .map(({ type, fields }) => [type, (JSON.parse(fields) as { member_ids: string[] }).member_ids]);
    return { ...directory, group, feed };
  };

  it('many members are added and taken out in one change, with a result each; what fails is recorded, too', async () => {
    const { deps, add, group, feed, database } = await start();
    const [ada, bob] = [await add('ada'), await add('bob')];
    await addGroupMember(deps)(group.id, bob.id, BY_TEST);
    const version = await readPolicyVersion(database);
    expect(await addGroupMembers(deps)(group.id, [ada.id, 'user_x', bob.id, ada.id], BY_OWNER)).toEqual([
      { userId: ada.id, outcome: 'added' },
      { userId: 'user_x', outcome: 'not_a_member' },
      { userId: bob.id, outcome: 'unchanged' },
    ]);
    expect(await readPolicyVersion(database)).toBe(version + 1);
    expect((await readMembers(database, [ada.id]))[0]?.groupIds).toEqual([group.id]);
    expect(await removeGroupMembers(deps)(group.id, [bob.id, 'user_x'], BY_OWNER)).toEqual([
      { userId: bob.id, outcome: 'removed' },
      { userId: 'user_x', outcome: 'not_a_member' },
    ]);
    expect(await groupStore(database).isMember(group.id, bob.id)).toBe(false);
    expect(await feed()).toEqual([
      ['group_member_added', [bob.id]],
      ['group_member_added', [ada.id]],
      ['group_member_addition_failed', ['user_x']],
      ['group_member_removed', [bob.id]],
      ['group_member_removal_failed', ['user_x']],
    ]);
  });

  it('all members there are can be added, however many', async () => {
    const { deps, add, group, database } = await start();
    for (let at = 0; at < 12; at++) await add(`member${at}`);
    const results = await addGroupMembers(deps)(group.id, 'all', BY_OWNER);
    expect(results.filter(({ outcome }) => outcome === 'added')).toHaveLength(12);
    expect((await groupStore(database).memberCounts([group.id])).get(group.id)).toBe(12);
    const again = await addGroupMembers(deps)(group.id, 'all', BY_OWNER);
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['unchanged']));
  });

  it('a single addition or removal that is refused is recorded as failed', async () => {
    const { add, keyOf, send, group, feed } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const ada = await add('ada');
    const path = `/v1/organizations/rbac_groups/${group.id}/members`;
    expect((await send(`POST ${path}`, { key, body: { user_id: 'user_x' } })).status).toBe(404);
    expect((await send(`DELETE ${path}/${ada.id}`, { key })).status).toBe(404);
    expect(await feed()).toEqual([
      ['group_member_addition_failed', ['user_x']],
      ['group_member_removal_failed', [ada.id]],
    ]);
  });

  it('keys do not change who is in a group that lets people manage identity; people in person do', async () => {
    const { deps, add, group, database } = await start();
    const ada = await add('ada', 'managed');
    const role = await createRole(deps)('Identity admins', BY_TEST);
    await setRolePermissions(deps)(role.id, { identity: 'manage' }, BY_TEST);
    await attachGroupRole(deps)(group.id, role.id, BY_TEST);
    const code = { details: { error_code: 'rbac_group_grants_owner_access' } };
    await expect(addGroupMember(deps)(group.id, ada.id, BY_ADMIN)).rejects.toMatchObject(code);
    await expect(addGroupMembers(deps)(group.id, 'all', BY_ADMIN)).rejects.toMatchObject(code);
    expect(await groupStore(database).isMember(group.id, ada.id)).toBe(false);
    await addGroupMember(deps)(group.id, ada.id, BY_OWNER);
    await expect(removeGroupMember(deps)(group.id, ada.id, BY_ADMIN)).rejects.toMatchObject(code);
    await expect(removeGroupMembers(deps)(group.id, [ada.id], BY_ADMIN)).rejects.toMatchObject(code);
    expect(await groupStore(database).isMember(group.id, ada.id)).toBe(true);
  });
});
