import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createGroup } from '../groups/change-group.ts';
import { addGroupMember, attachGroupRole } from '../groups/change-membership.ts';
import { attachMemberRole } from '../members/attach-role.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { createRole, deleteRole } from './change-role.ts';
import { readPermissions } from './read-permissions.ts';
import { setRolePermissions } from './set-role-permissions.ts';

forEachDatabase((_engine, open) => {
  const start = async () => {
    const directory = await openDirectory(await open());
    const { deps, add } = directory;
    const ada = await add('ada', 'managed');
    const held = async (member: typeof ada) => [...(await readPermissions(deps.database, member))].sort();
    const roleWith = async (name: string, permissions: Parameters<ReturnType<typeof setRolePermissions>>[1]) => {
      const role = await createRole(deps)(name, BY_TEST);
      await setRolePermissions(deps)(role.id, permissions, BY_TEST);
      return role;
    };
    return { ...directory, ada, held, roleWith };
  };

  it('adds up over the roles of a Custom member, by their groups and directly, and ends with the role', async () => {
    const { deps, ada, held, roleWith } = await start();
    expect(await held(ada)).toEqual(['self']);
    const group = await createGroup(deps)('Auditors', BY_TEST);
    await addGroupMember(deps)(group.id, ada.id, BY_TEST);
    const auditing = await roleWith('Auditing', { privacy: 'view', analytics: 'view' });
    await attachGroupRole(deps)(group.id, auditing.id, BY_TEST);
    const privacy = await roleWith('Privacy', { privacy: 'manage' });
    await attachMemberRole(deps)(ada.id, privacy.id, BY_TEST);
    expect(await held(ada)).toEqual(['analytics:view', 'privacy:manage', 'privacy:view', 'self']);
    await deleteRole(deps)(privacy.id, BY_TEST);
    expect(await held(ada)).toEqual(['analytics:view', 'privacy:view', 'self']);
    await setRolePermissions(deps)(auditing.id, { privacy: 'none' }, BY_TEST);
    expect(await held(ada)).toEqual(['analytics:view', 'self']);
  });

  it('has no effect on members whose role is built in', async () => {
    const { deps, add, held, roleWith } = await start();
    const bob = await add('bob', 'user');
    await attachMemberRole(deps)(bob.id, (await roleWith('Everything', { identity: 'manage' })).id, BY_TEST);
    expect(await held(bob)).toEqual(['self']);
  });

  it('never gives out what is for owners, nor other people’s keys', async () => {
    const { deps, ada, add, keyOf, send, roleWith } = await start();
    const everything = await roleWith('Everything', {
      identity: 'manage',
      users: 'manage',
      billing: 'manage',
      analytics: 'manage',
      privacy: 'manage',
      libraries: 'manage',
    });
    await attachMemberRole(deps)(ada.id, everything.id, BY_TEST);
    const key = await keyOf(ada);
    const bob = await add('bob', 'user');
    expect((await send('GET /v1/organizations/users', { key })).status).toBe(200);
    for (const [line, body] of [
      [`POST /v1/organizations/users/${bob.id}`, { role: 'owner' }],
      [`POST /v1/organizations/users/${bob.id}`, { role: 'membership_admin' }],
      ['POST /v1/organizations/api_keys', { name: 'stolen', user_id: bob.id }],
      ['GET /v1/organizations/api_keys', undefined],
    ] as const)
      expect([line, (await send(line, { key, body })).status]).toEqual([line, line.includes('users/') ? 400 : 403]);
  });

  it('lets a member with one permission do that and nothing else', async () => {
    const { deps, ada, keyOf, send, roleWith } = await start();
    const looking = await roleWith('Looking', { identity: 'view' });
    await attachMemberRole(deps)(ada.id, looking.id, BY_TEST);
    const key = await keyOf(ada);
    const path = `/v1/organizations/rbac_roles/${looking.id}/admin_permissions`;
    expect((await send(`GET ${path}`, { key })).body).toMatchObject({
      permissions: { identity: 'view', users: 'none' },
    });
    const refused = await send(`POST ${path}`, { key, body: { permissions: { identity: 'manage' } } });
    expect(refused).toMatchObject({ status: 403, body: { error: { type: 'permission_error' } } });
    expect((await send('GET /v1/organizations/users', { key })).status).toBe(403);
  });

  it('refuses a save made from what somebody else has changed, and unknown areas and levels', async () => {
    const { add, keyOf, send, roleWith } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const path = `/v1/organizations/rbac_roles/${(await roleWith('One', { identity: 'view' })).id}/admin_permissions`;
    const { version } = (await send(`GET ${path}`, { key })).body;
    const save = (level: string) =>
      send(`POST ${path}`, { key, body: { permissions: { users: level }, if_version: version } });
    expect((await save('view')).status).toBe(200);
    expect((await save('manage')).status).toBe(409);
    for (const permissions of [{ keys: 'manage' }, { users: 'all' }, { everything: 'view' }])
      expect((await send(`POST ${path}`, { key, body: { permissions } })).status).toBe(400);
    expect((await send(`GET ${path}`, { key })).body).toMatchObject({
      permissions: { identity: 'view', users: 'view', libraries: 'none' },
    });
  });
});
