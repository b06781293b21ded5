import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { permissionsOfScopes } from '../../kernel/index.ts';
import { createGroup } from '../groups/change-group.ts';
import { addGroupMember, attachGroupRole } from '../groups/change-membership.ts';
import { resendInvite } from '../invites/change-invite.ts';
import { createInvite } from '../invites/create-invite.ts';
import { createRole } from '../roles/change-role.ts';
import { setRolePermissions } from '../roles/set-role-permissions.ts';
import { accountStore } from '../sign-in/accounts/store.ts';
import { BY_OWNER, BY_TEST, by, openDirectory } from '../testing/open-directory.ts';
import { attachMemberRole } from './attach-role.ts';
import { updateMember } from './update-member.ts';

const USERS = '/v1/organizations/users';

forEachDatabase((_engine, open) => {
  const start = async () => {
    const directory = await openDirectory(await open());
    const { deps, add, consoleOf, send } = directory;
    const roleOf = async (name: string, permissions: Parameters<ReturnType<typeof setRolePermissions>>[1]) => {
      const role = await createRole(deps)(name, BY_TEST);
      await setRolePermissions(deps)(role.id, permissions, BY_TEST);
      return role.id;
    };
    const custom = async (name: string, permissions: Parameters<typeof roleOf>[1]) => {
      const member = await add(name, 'managed');
      await attachMemberRole(deps)(member.id, await roleOf(`Role of ${name}`, permissions), BY_TEST);
      return member;
    };
    const chief = await custom('chief', { identity: 'manage', users: 'manage' });
    const helper = await custom('helper', { users: 'manage' });
    const admin = await add('admin', 'membership_admin');
    const as = async (who: typeof admin, line: string, body?: unknown) =>
      (await send(line, { headers: await consoleOf(who), body })).status;
    return { ...directory, roleOf, custom, chief, helper, admin, as };
  };

  it('nobody makes a credential of a Custom member who may do more than they may', async () => {
    const { as, add, custom, chief, helper, admin, deps } = await start();
    const owner = await add('owner', 'owner');
    for (const { id } of [chief, helper])
      await accountStore(deps.database).putFactor({
        ...{ user_id: id, secret: 'sealed', created_at: 1, confirmed_at: 1, last_step: 0 },
      });
    const tries = async (who: typeof admin, { id }: typeof admin) => [
      await as(who, `POST ${USERS}/${id}/sign_in_link`),
      await as(who, `DELETE ${USERS}/${id}/second_factor`),
    ];
    const keyFor = (who: typeof admin, { id: user_id }: typeof admin) =>
      as(who, 'POST /v1/organizations/api_keys', { name: 'mine', user_id });
    expect(await tries(helper, chief)).toEqual([403, 403]);
    expect(await tries(admin, chief)).toEqual([403, 403]);
    expect(await keyFor(admin, chief)).toBe(403);
    // Whoever may do no more is helped as before, and so are all by an owner.
    expect(await tries(admin, helper)).toEqual([200, 200]);
    expect(await keyFor(admin, helper)).toBe(200);
    expect(await as(helper, `POST ${USERS}/${(await custom('other', {})).id}/sign_in_link`)).toBe(200);
    expect(await tries(owner, chief)).toEqual([200, 200]);
    expect(await keyFor(owner, chief)).toBe(200);
  });

  it('nobody makes somebody Custom whose roles then permit more than they may themselves', async () => {
    const { as, chief, helper, deps, roleOf, add } = await start();
    // Otherwise the way round the rule above: make them a user, make a credential, make them Custom again.
    expect(await as(helper, `POST ${USERS}/${chief.id}`, { role: 'user' })).toBe(200);
    expect(await as(helper, `POST ${USERS}/${chief.id}`, { role: 'managed' })).toBe(403);
    expect(await as(helper, `POST ${USERS}/${(await add('plain')).id}`, { role: 'managed' })).toBe(200);
    const group = await createGroup(deps)('Auditors', BY_TEST);
    await attachGroupRole(deps)(group.id, await roleOf('Auditing', { privacy: 'view' }), BY_TEST);
    const reader = await add('reader');
    await addGroupMember(deps)(group.id, reader.id, BY_TEST);
    const scopes = permissionsOfScopes(['write:members', 'write:rbac_groups']);
    const byKey = by({ kind: 'administrator', credentialId: 'apikey_1', permissions: scopes });
    const change = (doer: typeof byKey) => updateMember(deps)(reader.id, { role: 'managed' }, doer);
    await expect(change(byKey)).rejects.toMatchObject({ code: 'permission_denied' });
    expect((await change(BY_OWNER)).role).toBe('managed');
  });

  it('nobody is given the link of an invite into groups that permit more than they may', async () => {
    const { as, helper, admin, deps, roleOf } = await start();
    const group = await createGroup(deps)('Managers', BY_TEST);
    const invited = async (name: string) =>
      (await createInvite(deps)({ email: `${name}@example.com`, role: 'managed', groupIds: [group.id] }, BY_OWNER))
        .invite.id;
    const [first, second] = [await invited('first'), await invited('second')];
    expect(await as(admin, `POST /v1/organizations/invites/${first}/resend`)).toBe(200);
    await attachGroupRole(deps)(group.id, await roleOf('Managing', { identity: 'manage' }), BY_TEST);
    for (const who of [helper, admin])
      expect(await as(who, `POST /v1/organizations/invites/${second}/resend`)).toBe(403);
    await expect(resendInvite(deps)(second, BY_OWNER)).resolves.toMatchObject({ invite: { id: second } });
  });
});
