import { afterEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createGroup } from '../../directory/groups/change-group.ts';
import { addGroupMember, attachGroupRole } from '../../directory/groups/change-membership.ts';
import { attachMemberRole } from '../../directory/members/attach-role.ts';
import { setRolePermissions } from '../../directory/roles/set-role-permissions.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { changeRoleCapabilities } from '../capabilities/change-capabilities.ts';
import { createConnector, updateConnector } from '../connectors/change-connector.ts';
import { changeRoleConnectors } from '../connectors/change-role-connectors.ts';
import { type Access, OPUS, openAccess } from '../testing/open-access.ts';

forEachDatabase((_engine, open) => {
  let opened: Access | undefined;
  afterEach(() => opened?.policy.close());
  const start = async () => {
    opened = await openAccess(await open());
    const { access, add, keyOf, role } = opened;
    const key = await keyOf(await add('owner', 'owner'));
    const connect = (slug: string) =>
      createConnector(access)({ slug, name: slug, url: `https://${slug}.example`, level: 'always' }, BY_TEST);
    const writers = await role('Writers');
    const path = `/v1/organizations/rbac_roles/${writers.id}`;
    return { ...opened, key, connect, writers, path };
  };

  it('a new role asks on every connector; a change of one gives each its row, and what is new is blocked from then on', async () => {
    const { connect, path, key, send } = await start();
    const [github, jira] = [await connect('github'), await connect('jira')];
    const tab = async () => (await send(`GET ${path}/connectors`, { key })).body;
    expect(await tab()).toMatchObject({ all_connectors: 'ask', connectors: [{ level: 'ask' }, { level: 'ask' }] });
    const body = { connectors: [{ connector_id: github.id, tools: [{ name: 'search', level: 'always' }] }] };
    expect((await send(`POST ${path}/connectors`, { key, body })).body).toMatchObject({
      all_connectors: 'custom',
      connectors: [
        { connector_id: github.id, level: 'ask', tools: [{ name: 'search', level: 'always' }] },
        { connector_id: jira.id, level: 'ask', tools: [] },
      ],
    });
    await connect('zeta');
    expect(await tab()).toMatchObject({ connectors: [{}, {}, { slug: 'zeta', level: 'blocked' }] });
    const all = await send(`POST ${path}/connectors`, { key, body: { all_connectors: 'always' } });
    expect(all.body).toMatchObject({ connectors: [{ level: 'always', tools: [] }, {}, { level: 'always' }] });
  });

  it('refuses connectors that are not there, and a save made from what somebody else has changed', async () => {
    const { path, key, send } = await start();
    const post = (body: object) => send(`POST ${path}/connectors`, { key, body });
    expect((await post({ connectors: [{ connector_id: 'mcpsrv_x', level: 'ask' }] })).status).toBe(404);
    const { version } = (await send(`GET ${path}/connectors`, { key })).body;
    expect((await post({ all_connectors: 'blocked', if_version: version })).status).toBe(200);
    expect((await post({ all_connectors: 'always', if_version: version })).status).toBe(409);
    expect((await send(`GET ${path}/connectors`, { key })).body).toMatchObject({ all_connectors: 'blocked' });
  });

  it('lists everything a role permits as the Admin API does, page by page', async () => {
    const { access, deps, change, connect, path, key, send, writers } = await start();
    const { id } = await connect('github');
    await changeRoleCapabilities(access)(writers.id, { capabilities: { web_search: true } }, BY_TEST);
    await setRolePermissions(deps)(writers.id, { users: 'manage' }, BY_TEST);
    await change({ kind: 'role-model', role: writers.id, model: OPUS, maxEffort: 'high' });
    const tools = [{ name: 'search', level: 'ask' as const }];
    await changeRoleConnectors(access)(writers.id, { connectors: [{ id, level: 'always', tools }] }, BY_TEST);
    const rows: Record<string, unknown>[] = [];
    let page = '';
    do {
      const { body } = await send(`GET ${path}/permissions?limit=4${page}`, { key });
      rows.push(...(body.data as Record<string, unknown>[]));
      page = body.next_page === null ? '' : `&page=${body.next_page}`;
    } while (page !== '');
    const organization = { type: 'organization', organization_id: expect.any(String) };
    const told = (action: string, resource: object) => ({ type: 'rbac_role_permission', action, resource });
    for (const wanted of [
      told('capability_access_chat', organization),
      told('capability_access_web_search', organization),
      told('permission_users_manage', organization),
      told(`model_access:${OPUS}:high`, organization),
      told('use', { type: 'connector', connector_id: id }),
      told('use_with_approval', { type: 'connector_tool', connector_id: id, tool_name: 'search' }),
    ])
      expect(rows).toContainEqual(wanted);
    expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length);
    expect((await send('GET /v1/organizations/rbac_roles/x/permissions', { key })).status).toBe(404);
  });

  it('shows what all roles of a member come to, and which role grants each line', async () => {
    const { access, deps, add, keyOf, connect, key, send, role, writers } = await start();
    const ada = await add('ada', 'managed');
    const group = await createGroup(deps)('Builders', BY_TEST);
    await addGroupMember(deps)(group.id, ada.id, BY_TEST);
    const builders = await role('Building');
    await attachGroupRole(deps)(group.id, builders.id, BY_TEST);
    await attachMemberRole(deps)(ada.id, writers.id, BY_TEST);
    const { id } = await connect('github');
    await updateConnector(access)(id, { tools: [{ name: 'delete', level: 'blocked' }] }, BY_TEST);
    const narrow = changeRoleCapabilities(access);
    await narrow(writers.id, { access: 'selected' }, BY_TEST);
    await narrow(builders.id, { access: 'selected', capabilities: { claude_code: true } }, BY_TEST);
    await changeRoleConnectors(access)(builders.id, { all: 'always' }, BY_TEST);
    await setRolePermissions(deps)(builders.id, { analytics: 'view' }, BY_TEST);
    const found = (await send(`GET /v1/organizations/users/${ada.id}/effective_role`, { key })).body;
    const byBuilding = [{ role_name: 'Building', via: 'group', rbac_group_name: 'Builders' }];
    expect(found).toMatchObject({
      bound_by_roles: true,
      roles: [{ role_name: 'Writers', via: 'member' }, ...byBuilding],
    });
    const line = (list: string, wanted: object) =>
      expect(found[list]).toContainEqual(expect.objectContaining(wanted as Record<string, unknown>));
    line('capabilities', { id: 'claude_code', allowed: true, granted_by: [expect.objectContaining(byBuilding[0])] });
    line('capabilities', { id: 'web_search', allowed: false, stopped_by: 'roles', granted_by: [] });
    line('permissions', { area: 'analytics', level: 'view', granted_by: [expect.objectContaining(byBuilding[0])] });
    line('permissions', { area: 'identity', level: 'none', granted_by: [] });
    expect(found.connectors).toMatchObject([
      {
        slug: 'github',
        tools: [
          { name: null, level: 'always', granted_by: byBuilding },
          { name: 'delete', level: 'blocked', stopped_by: 'organization' },
        ],
      },
    ]);
    const mine = await send('GET /v1/me/effective_role', { key: await keyOf(ada) });
    expect(mine.body).toEqual(found);
    const ofGroup = await send(`GET /v1/organizations/rbac_groups/${group.id}/effective_role`, { key });
    expect(ofGroup.body).toMatchObject({ subject: { type: 'rbac_group' }, roles: [{ role_name: 'Building' }] });
  });

  it('says of members whom roles do not bind that they have what the organisation allows', async () => {
    const { add, key, send } = await start();
    const bob = await add('bob', 'user');
    const { body } = await send(`GET /v1/organizations/users/${bob.id}/effective_role`, { key });
    expect(body).toMatchObject({ bound_by_roles: false, roles: [] });
    expect((body.capabilities as { allowed: boolean }[]).every(({ allowed }) => allowed)).toBe(true);
  });
});
