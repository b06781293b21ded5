import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import { apiKeyStore } from '../api-keys/store.ts';
import { createRole } from '../roles/change-role.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { createGroup, deleteGroup, renameGroup } from './change-group.ts';
import { addGroupMember, attachGroupRole, detachGroupRole, removeGroupMember } from './change-membership.ts';
import { groupStore } from './store.ts';

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  it('keeps names unique, also when two ask for one name at the same moment and when a group is renamed', async () => {
    const { deps } = await start();
    const both = await Promise.allSettled([
      createGroup(deps)('Builders', BY_TEST),
      createGroup(deps)('Builders', BY_TEST),
    ]);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    const other = await createGroup(deps)('Writers', BY_TEST);
    await expect(renameGroup(deps)(other.id, 'Builders', BY_TEST)).rejects.toMatchObject({ code: 'conflict' });
    await renameGroup(deps)(other.id, 'Authors', BY_TEST);
    expect((await groupStore(deps.database).find(other.id))?.name).toBe('Authors');
  });

  it('holds a hundred groups and not one more, however many are made at once', async () => {
    const { deps } = await start();
    for (let i = 0; i < 98; i++)
      await groupStore(deps.database).insert({
        id: deps.newId('group'),
        name: `Group ${i}`,
        source_type: 'direct',
        created_at: 0,
        updated_at: 0,
      });
    const made = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => createGroup(deps)(name, BY_TEST)));
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    for (const one of made) if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' });
  });

  it('lets members go with a deleted group and archives its service keys', async () => {
    const { deps, add, database, send } = await start();
    const ada = await add('ada');
    const group = await createGroup(deps)('Builders', BY_TEST);
    const role = await createRole(deps)('Opus', BY_TEST);
    await addGroupMember(deps)(group.id, ada.id, BY_TEST);
    await attachGroupRole(deps)(group.id, role.id, BY_TEST);
    const wanted = { name: 'CI', owner: { groupId: group.id }, expiresAt: null };
    const { key, secret } = await createApiKey(deps)(wanted, BY_TEST);
    await deleteGroup(deps)(group.id, BY_TEST);
    expect((await apiKeyStore(database).find(key.id))?.status).toBe('archived');
    expect((await send('GET /v1/organizations/me', { key: secret })).status).toBe(401);
    const tables = database.tables<DirectoryTables>();
    expect(await tables.selectFrom('rbac_group_members').selectAll().execute()).toEqual([]);
    expect(await tables.selectFrom('rbac_group_roles').selectAll().execute()).toEqual([]);
    await expect(deleteGroup(deps)(group.id, BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('refuses to add somebody twice, also at the same moment', async () => {
    const { deps, add } = await start();
    const ada = await add('ada');
    const group = await createGroup(deps)('Builders', BY_TEST);
    const twice = [1, 2].map(() => addGroupMember(deps)(group.id, ada.id, BY_TEST));
    const both = await Promise.allSettled(twice);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'invalid_request' } });
    await removeGroupMember(deps)(group.id, ada.id, BY_TEST);
    await expect(removeGroupMember(deps)(group.id, ada.id, BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leaves what the identity provider owns to it, except for the roles', async () => {
    const { deps, add } = await start();
    const ada = await add('ada');
    const role = await createRole(deps)('Opus', BY_TEST);
    const id = deps.newId('group');
    await groupStore(deps.database).insert({ id, name: 'Synced', source_type: 'scim', created_at: 0, updated_at: 0 });
    const refused = { code: 'invalid_request' };
    await expect(renameGroup(deps)(id, 'Mine', BY_TEST)).rejects.toMatchObject(refused);
    await expect(deleteGroup(deps)(id, BY_TEST)).rejects.toMatchObject(refused);
    await expect(addGroupMember(deps)(id, ada.id, BY_TEST)).rejects.toMatchObject(refused);
    await expect(removeGroupMember(deps)(id, ada.id, BY_TEST)).rejects.toMatchObject(refused);
    await attachGroupRole(deps)(id, role.id, BY_TEST);
    expect((await groupStore(deps.database).roleIds([id])).get(id)).toEqual([role.id]);
  });

  it('attaches a role once however often it is asked, and detaches it once', async () => {
    const { deps } = await start();
    const group = await createGroup(deps)('Builders', BY_TEST);
    const role = await createRole(deps)('Opus', BY_TEST);
    await attachGroupRole(deps)(group.id, role.id, BY_TEST);
    await attachGroupRole(deps)(group.id, role.id, BY_TEST);
    await detachGroupRole(deps)(group.id, role.id, BY_TEST);
    const gone = { code: 'not_found' };
    await expect(detachGroupRole(deps)(group.id, role.id, BY_TEST)).rejects.toMatchObject(gone);
    await expect(attachGroupRole(deps)('rbac_group_x', role.id, BY_TEST)).rejects.toMatchObject(gone);
    await expect(attachGroupRole(deps)(group.id, 'rbac_role_x', BY_TEST)).rejects.toMatchObject(gone);
  });

  it('shows roles and member counts, and pages by name until the cursor is null', async () => {
    const { deps, add, keyOf, send } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const ada = await add('ada');
    const role = await createRole(deps)('Opus', BY_TEST);
    const groups = [];
    for (const name of ['C', 'A', 'B']) groups.push(await createGroup(deps)(name, BY_TEST));
    const [c] = groups;
    if (c === undefined) throw new Error('unreachable');
    await addGroupMember(deps)(c.id, ada.id, BY_TEST);
    await attachGroupRole(deps)(c.id, role.id, BY_TEST);
    const first = (await send('GET /v1/organizations/rbac_groups?limit=2', { key })).body;
    expect(first.data).toMatchObject([{ name: 'A' }, { name: 'B' }]);
    const rest = await send(`GET /v1/organizations/rbac_groups?limit=2&page=${first.next_page}`, { key });
    expect(rest.body).toMatchObject({ data: [{ name: 'C', member_count: 1, role_ids: [role.id] }], next_page: null });
    const narrow = async (query: string) => {
      const { data } = (await send(`GET /v1/organizations/rbac_groups?${query}`, { key })).body;
      return (data as { name: string }[]).map(({ name }) => name);
    };
    expect(await narrow(`role_id=${role.id}`)).toEqual(['C']);
    expect(await narrow('search=b')).toEqual(['B']);
    expect(await narrow(`user_id=${ada.id}&search=b`)).toEqual([]);
    expect([await narrow('source_type=direct'), await narrow('source_type=scim')]).toEqual([['A', 'B', 'C'], []]);
    const members = await send(`GET /v1/organizations/rbac_groups/${c.id}/members`, { key });
    expect(members.body).toMatchObject({ data: [{ user_id: ada.id, email: ada.email }], next_page: null });
  });
});
