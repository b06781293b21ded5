import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createGroup } from '../groups/change-group.ts';
import { attachGroupRole } from '../groups/change-membership.ts';
import { groupStore } from '../groups/store.ts';
import { attachMemberRole } from '../members/attach-role.ts';
import { memberStore } from '../members/store.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { createRole, deleteRole, renameRole } from './change-role.ts';
import { roleStore } from './store.ts';

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  it('keeps names unique', async () => {
    const { deps } = await start();
    const both = await Promise.allSettled([createRole(deps)('Opus', BY_TEST), createRole(deps)('Opus', BY_TEST)]);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    const other = await createRole(deps)('Sonnet', BY_TEST);
    await expect(renameRole(deps)(other.id, 'Opus', BY_TEST)).rejects.toMatchObject({ code: 'conflict' });
    expect(await renameRole(deps)(other.id, 'Sonnet only', BY_TEST)).toMatchObject({
      id: other.id,
      display_name: 'Sonnet only',
    });
    expect((await roleStore(deps.database).find(other.id))?.display_name).toBe('Sonnet only');
  });

  it('takes a deleted role off every group and member', async () => {
    const { deps, add, database } = await start();
    const ada = await add('ada', 'managed');
    const group = await createGroup(deps)('Builders', BY_TEST);
    const [gone, stays] = [await createRole(deps)('Opus', BY_TEST), await createRole(deps)('Sonnet', BY_TEST)];
    for (const { id } of [gone, stays]) {
      await attachMemberRole(deps)(ada.id, id, BY_TEST);
      await attachGroupRole(deps)(group.id, id, BY_TEST);
    }
    await deleteRole(deps)(gone.id, BY_TEST);
    expect(await memberStore(database).roleIds(ada.id)).toEqual([stays.id]);
    expect((await groupStore(database).roleIds([group.id])).get(group.id)).toEqual([stays.id]);
    await expect(deleteRole(deps)(gone.id, BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
    await expect(renameRole(deps)(gone.id, 'x', BY_TEST)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('never fails, nor leaves an attachment behind, when a role is deleted while it is being attached', async () => {
    const { deps, add, database } = await start();
    const ada = await add('ada', 'managed');
    for (let i = 0; i < 10; i++) {
      const role = await createRole(deps)(`Role ${i}`, BY_TEST);
      const [attached, deleted] = await Promise.allSettled([
        attachMemberRole(deps)(ada.id, role.id, BY_TEST),
        deleteRole(deps)(role.id, BY_TEST),
      ]);
      expect(deleted.status).toBe('fulfilled');
      if (attached.status === 'rejected') expect(attached.reason).toMatchObject({ code: 'not_found' });
    }
    expect(await memberStore(database).roleIds(ada.id)).toEqual([]);
  });

  it('lists by name in pages and refuses a cursor it did not give out', async () => {
    const { deps, add, keyOf, send } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    for (const name of ['C', 'A', 'B']) await createRole(deps)(name, BY_TEST);
    const first = await send('GET /v1/organizations/rbac_roles?limit=2', { key });
    expect(first.body.data).toMatchObject([{ display_name: 'A' }, { display_name: 'B' }]);
    const rest = await send(`GET /v1/organizations/rbac_roles?limit=2&page=${first.body.next_page}`, { key });
    expect(rest.body).toMatchObject({ data: [{ display_name: 'C' }], next_page: null });
    for (const page of ['page_', 'page_!', 'page_LTE', '1', 'page_Infinity', 'page_MS41'])
      expect((await send(`GET /v1/organizations/rbac_roles?page=${page}`, { key })).status).toBe(400);
  });
});
