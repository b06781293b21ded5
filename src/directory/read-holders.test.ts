import { expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { createGroup } from './groups/change-group.ts';
import { readActivePeople, readHolders } from './read-holders.ts';
import { permissionStore } from './roles/permission-store.ts';
import type { DirectoryTables } from './tables.ts';
import { BY_TEST, openDirectory } from './testing/open-directory.ts';

forEachDatabase((_, open) => {
  it('who holds a permission is told by organisation role, custom role and group, and only of the active', async () => {
    const { database, deps, add } = await openDirectory(await open());
    const tables = database.tables<DirectoryTables>();
    const owner = await add('owner', 'owner');
    await add('admin', 'membership_admin');
    await add('member');
    const [direct, byGroup, viewer, plain] = await Promise.all(
      ['direct', 'by-group', 'viewer', 'plain'].map((name) => add(name, name === 'plain' ? 'user' : 'managed')),
    );
    const none = { identity: 'none', users: 'none', analytics: 'none', privacy: 'none', libraries: 'none' } as const;
    for (const [id, billing] of [
      ['rbac_role_pays', 'manage'],
      ['rbac_role_sees', 'view'],
    ] as const) {
      await tables.insertInto('rbac_roles').values({ id, display_name: id, created_at: 1, updated_at: 1 }).execute();
      await permissionStore(database).write(id, { ...none, billing });
    }
    const attach = (user_id: string | undefined, role_id: string) =>
      tables
        .insertInto('member_roles')
        .values({ user_id: user_id ?? '', role_id, created_at: 1 })
        .execute();
    await attach(direct?.id, 'rbac_role_pays');
    await attach(viewer?.id, 'rbac_role_sees');
    await attach(plain?.id, 'rbac_role_pays');
    const group = await createGroup(deps)('Finance', BY_TEST);
    await tables
      .insertInto('rbac_group_roles')
      .values({ group_id: group.id, role_id: 'rbac_role_pays', created_at: 1 })
      .execute();
    await tables
      .insertInto('rbac_group_members')
      .values({ group_id: group.id, user_id: byGroup?.id ?? '', created_at: 1 })
      .execute();
    const names = async (permission: 'billing:manage' | 'billing:view') =>
      (await readHolders(database, permission)).map(({ name }) => name).sort();
    expect(await names('billing:manage')).toEqual(['by-group', 'direct', 'owner']);
    expect(await names('billing:view')).toEqual(['by-group', 'direct', 'owner', 'viewer']);
    await tables
      .updateTable('members')
      .set({ status: 'suspended' })
      .where('id', 'in', [owner.id, direct?.id ?? ''])
      .execute();
    expect(await names('billing:manage')).toEqual(['by-group']);
    expect((await readActivePeople(database, [owner.id, plain?.id ?? ''])).map(({ name }) => name)).toEqual(['plain']);
  });
});
