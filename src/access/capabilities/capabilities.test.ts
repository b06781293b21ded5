import { afterEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { activityMigrations } from '../../activity/index.ts';
import { readActivities } from '../../activity/list-activities.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { attachMemberRole } from '../../directory/members/attach-role.ts';
import { BY_TEST } from '../../directory/testing/open-directory.ts';
import { CAPABILITIES } from '../../kernel/index.ts';
import { migrate } from '../../platform/index.ts';
import { accessMigrations } from '../migrations.ts';
import { CAPABILITY_INFO } from '../rules/capabilities.ts';
import { compiledIn, principalOfMember } from '../snapshot.ts';
import { type Access, openAccess } from '../testing/open-access.ts';
import { acceptCapabilityOverrides } from './accept-overrides.ts';
import { changeRoleCapabilities, switchCapabilities } from './change-capabilities.ts';
import { capabilityMigrations } from './migrations.ts';

forEachDatabase((_engine, open) => {
  let access: Access | undefined;
  afterEach(() => access?.policy.close());
  const start = async () => {
    access = await openAccess(await open());
    const { access: deps, add, policy } = access;
    const ada = await add('ada', 'managed');
    const { id: roleId } = await access.role('Writers');
    await attachMemberRole(access.deps)(ada.id, roleId, BY_TEST);
    const allowed = async () => {
      await policy.refresh();
      const member = policy.current().members.get(ada.id);
      if (member === undefined) throw new Error('the member is not in the policy');
      const { entitlements } = compiledIn(policy.current(), ada.id, () => principalOfMember(policy.current(), member));
      return CAPABILITIES.filter((one) => entitlements.capabilities.get(one)?.allowed);
    };
    const grant = changeRoleCapabilities(deps);
    return { ...access, roleId, allowed, grant, switchAll: switchCapabilities(deps) };
  };
  /** With a role that has been narrowed to Chat. */
  const startWithChat = async () => {
    const started = await start();
    await started.grant(started.roleId, { access: 'selected' }, BY_TEST);
    return started;
  };
  const feed = async (at: Access) =>
    (
      await readActivities(
        at.database,
        {
          activity_types: [],
          exclude_activity_types: [],
          actor_ids: [],
          user_ids: [],
          organization_ids: [],
          order: 'desc',
          limit: 20,
        } as never,
        '',
      )
    ).data;

  it('of a new role are all that are generally available, and change with the role at once', async () => {
    const { allowed, grant, roleId } = await start();
    const stages = CAPABILITIES.filter((one) => CAPABILITY_INFO[one].stage === 'generally_available');
    expect(await allowed()).toEqual(stages);
    await grant(roleId, { access: 'selected' }, BY_TEST);
    expect(await allowed()).toEqual(['chat']);
    await grant(roleId, { capabilities: { claude_code: true, chat: false } }, BY_TEST);
    expect(await allowed()).toEqual(['claude_code']);
    await grant(roleId, { access: 'all' }, BY_TEST);
    expect(await allowed()).toEqual(CAPABILITIES);
    await grant(roleId, { access: 'selected' }, BY_TEST);
    expect(await allowed()).toEqual(['claude_code']);
  });

  it('stop at what the organisation has on, and at what the installation forces', async () => {
    const { allowed, grant, roleId, switchAll, access: deps } = await startWithChat();
    await grant(roleId, { capabilities: { web_search: true } }, BY_TEST);
    await switchAll({ web_search: false }, BY_TEST);
    expect(await allowed()).toEqual(['chat']);
    await acceptCapabilityOverrides(deps)(
      new Map([
        ['web_search', 'on'],
        ['chat', 'off'],
      ]),
    );
    expect(await allowed()).toEqual(['web_search']);
    await acceptCapabilityOverrides(deps)(new Map());
    await switchAll({ web_search: true }, BY_TEST);
    expect(await allowed()).toEqual(['chat', 'web_search']);
  });

  it('are recorded permission by permission, and what changes nothing is not', async () => {
    const at = await startWithChat();
    const { grant, roleId } = at;
    await grant(roleId, { access: 'generally_available', capabilities: { bash: true } }, BY_TEST);
    const before = await feed(at);
    expect(before.slice(0, 2)).toMatchObject([
      { type: 'rbac_role_permission_added', role_id: roleId, action: 'capability_access_bash' },
      { type: 'rbac_role_permission_added', action: 'capability_access_all_ga', resource_type: 'organization' },
    ]);
    await grant(roleId, { capabilities: { bash: true } }, BY_TEST);
    expect(await feed(at)).toHaveLength(before.length);
  });

  it('of roles that were there before capabilities were are all of them', async () => {
    const { database, allowed, access: deps } = await startWithChat();
    for (const table of [
      'role_capabilities',
      'role_capability_settings',
      'capability_overrides',
      'organization_capabilities',
    ])
      await database.tables<Record<string, object>>().schema.dropTable(table).execute();
    await migrate(database, [
      ...activityMigrations,
      ...directoryMigrations,
      ...accessMigrations,
      { ...capabilityMigrations[0], name: 'again' } as never,
    ]);
    await deps.changePolicy(database, { entity: 'capabilities', id: 'all' });
    expect(await allowed()).toEqual(CAPABILITIES);
  });

  it('are switched for the organisation by owners only, and a stale save is refused', async () => {
    const { send, add, keyOf, roleId } = await startWithChat();
    const owner = await keyOf(await add('owner', 'owner'));
    const admin = await keyOf(await add('admin', 'membership_admin'));
    const line = 'POST /v1/organizations/capabilities';
    const body = { capabilities: { fast_mode: false } };
    expect((await send(line, { key: admin, body })).status).toBe(403);
    const { version } = (await send('GET /v1/organizations/capabilities', { key: owner })).body;
    const saved = await send(line, { key: owner, body: { ...body, if_version: version } });
    expect(saved.body.capabilities).toContainEqual(expect.objectContaining({ id: 'fast_mode', enabled: false }));
    expect(
      (await send(line, { key: owner, body: { capabilities: { bash: false }, if_version: version } })).status,
    ).toBe(409);
    const path = `/v1/organizations/rbac_roles/${roleId}/capabilities`;
    const role = await send(`GET ${path}`, { key: owner });
    expect(role.body.capabilities).toContainEqual(
      expect.objectContaining({ id: 'fast_mode', granted: false, locked_by: 'organization' }),
    );
    for (const [wrong, status] of [
      [{ capabilities: { flying: true } }, 400],
      [{ access: 'some' }, 400],
      [{ access: 'all', if_version: 'x' }, 409],
    ] as const)
      expect((await send(`POST ${path}`, { key: owner, body: wrong })).status).toBe(status);
    expect((await send('GET /v1/organizations/rbac_roles/x/capabilities', { key: owner })).status).toBe(404);
  });
});
