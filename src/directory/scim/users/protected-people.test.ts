import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import { permissionsOfRole } from '../../../kernel/index.ts';
import { memberStore } from '../../members/store.ts';
import { BY_TEST, by } from '../../testing/open-directory.ts';
import { updateDirectory } from '../directories/manage-directory.ts';
import { addMapping } from '../directories/manage-mappings.ts';
import { openScim } from '../testing/open-scim.ts';

const deactivate = { Operations: [{ op: 'replace', path: 'active', value: false }] };

forEachDatabase((_engine, open) => {
  it('never touches the primary owner: neither access, role, name nor address, whatever is pushed', async () => {
    const { scim, add, database, deps, directory } = await openScim(await open(), ['example.com']);
    const owner = await add('boss', 'primary_owner');
    const made = await scim('POST /Users', { userName: 'boss@example.com', displayName: 'Somebody Else' });
    expect(made).toMatchObject({ status: 201, body: { id: owner.id } });
    const emails = [{ value: 'taken@elsewhere.example', primary: true }];
    await scim(`PUT /Users/${owner.id}`, { userName: 'boss@example.com', displayName: 'X', emails });
    expect((await scim(`PATCH /Users/${owner.id}`, deactivate)).body.active).toBe(false);
    await updateDirectory(deps)(directory.id, { maps_roles: true }, BY_TEST);
    const group = await scim('POST /Groups', { displayName: 'G', members: [{ value: owner.id }] });
    await addMapping(deps)(
      directory.id,
      { groupId: String(group.body.id), kind: 'organization_role', value: 'user' },
      BY_TEST,
    );
    await scim(`PUT /Users/${owner.id}`, { userName: 'boss@example.com', active: true });
    expect((await scim(`DELETE /Users/${owner.id}`)).status).toBe(204);
    const { updated_at: _, ...now } = (await memberStore(database).findAny(owner.id)) ?? {};
    const { updated_at: __, ...then } = owner;
    expect(now).toEqual(then);
  });

  it('lets owners and admins be deactivated by their identity provider, as anybody else', async () => {
    const { scim, add, database } = await openScim(await open(), ['example.com']);
    const owner = await add('owner', 'owner');
    await scim('POST /Users', { userName: 'owner@example.com' });
    await scim(`PATCH /Users/${owner.id}`, deactivate);
    expect(await memberStore(database).findAny(owner.id)).toMatchObject({ status: 'suspended', role: 'owner' });
  });

  it('lets only owners map a group to owners', async () => {
    const { scim, deps, directory, add } = await openScim(await open());
    const { id } = (await scim('POST /Groups', { displayName: 'G' })).body;
    const admin = await add('admin', 'managed');
    const wanted = { groupId: String(id), kind: 'organization_role', value: 'owner' } as const;
    const asAdmin = by({
      kind: 'member',
      userId: admin.id,
      email: admin.email,
      role: 'managed',
      credentialId: null,
      sessionId: 'sesn_1',
      permissions: permissionsOfRole('owner'),
    });
    await expect(addMapping(deps)(directory.id, wanted, asAdmin)).rejects.toMatchObject({ code: 'permission_denied' });
    const primary = { ...wanted, value: 'primary_owner' };
    await expect(addMapping(deps)(directory.id, primary, BY_TEST)).rejects.toMatchObject({ code: 'invalid_request' });
    expect((await addMapping(deps)(directory.id, wanted, BY_TEST)).value).toBe('owner');
  });

  it('counts only groups that are kept by hand against the hundred', async () => {
    const { scim, send, add, keyOf } = await openScim(await open());
    for (let i = 0; i < 101; i++) expect((await scim('POST /Groups', { displayName: `G ${i}` })).status).toBe(201);
    const key = await keyOf(await add('owner', 'owner'));
    expect((await send('POST /v1/organizations/rbac_groups', { key, body: { name: 'By hand' } })).status).toBe(200);
  });
});
