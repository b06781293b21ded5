import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { AdminScope } from '../../kernel/index.ts';
import { readPolicyVersion } from '../policy-changes.ts';
import { BY_ADMIN, BY_OWNER, by, inPerson, openDirectory } from '../testing/open-directory.ts';
import { acceptConfiguredKey } from './accept-configured-key.ts';
import { createAdminKey, revokeAdminKey } from './admin-keys.ts';
import { apiKeyStore } from './store.ts';

const LONG_AGO = Date.UTC(2020, 0);

forEachDatabase((_engine, open) => {
  const start = async () => {
    const directory = await openDirectory(await open());
    const keyFor = async (...scopes: AdminScope[]) =>
      (await createAdminKey(directory.deps)({ name: 'k', scopes, expiresAt: null }, BY_OWNER)).secret;
    return { ...directory, keyFor };
  };

  it('a scoped key does what its scopes say and no more', async () => {
    const { keyFor, send, add } = await start();
    const ada = await add('ada');
    const reader = await keyFor('read:members');
    const writer = await keyFor('read:members', 'write:members');
    const path = `/v1/organizations/users/${ada.id}`;
    expect((await send(`GET ${path}`, { key: reader })).status).toBe(200);
    const refused = await send(`DELETE ${path}`, { key: reader });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([403, expect.stringContaining('write:members')]);
    expect((await send(`GET ${path}`, { key: reader })).status).toBe(200);
    expect((await send('GET /v1/organizations/rbac_groups', { key: writer })).status).toBe(403);
    expect((await send('GET /v1/organizations/admin_keys', { key: writer })).status).toBe(403);
    await add('bystander');
    expect((await send(`DELETE ${path}`, { key: writer })).status).toBe(200);
  });

  it('a scoped key cannot make itself an owner, neither by a new member nor by a link', async () => {
    const { keyFor, send, add } = await start();
    const owner = await add('owner', 'owner');
    const key = await keyFor('read:members', 'write:members', 'write:rbac_groups');
    const body = { email: 'eve@example.com', role: 'owner' };
    expect((await send('POST /v1/organizations/users', { key, body })).status).toBe(403);
    expect((await send(`POST /v1/organizations/users/${owner.id}/sign_in_link`, { key })).status).toBe(403);
    expect((await send(`DELETE /v1/organizations/users/${owner.id}`, { key })).status).toBe(400);
    const { body: listed } = await send('GET /v1/organizations/users', { key });
    expect((listed.data as unknown[]).length).toBe(1);
  });

  it('a key without scopes does everything, an expired or revoked one nothing', async () => {
    const { deps, send, clock } = await start();
    const { secret } = await createAdminKey(deps)({ name: 'all', scopes: null, expiresAt: null }, BY_OWNER);
    expect((await send('GET /v1/organizations/admin_keys', { key: secret })).status).toBe(200);
    const short = await createAdminKey(deps)({ name: 's', scopes: null, expiresAt: clock.ms + 60_000 }, BY_OWNER);
    expect((await send('GET /v1/organizations/users', { key: short.secret })).status).toBe(200);
    clock.ms += 60_000;
    expect((await send('GET /v1/organizations/users', { key: short.secret })).status).toBe(401);
    const { body } = await send('GET /v1/organizations/admin_keys', { key: secret });
    expect((body.data as { name: string; status: string }[]).map(({ name, status }) => [name, status])).toEqual([
      ['s', 'expired'],
      ['all', 'active'],
    ]);
    await revokeAdminKey(deps)(short.key.id, BY_OWNER);
    expect(JSON.stringify((await send('GET /v1/organizations/admin_keys', { key: secret })).body)).not.toContain('"s"');
  });

  it('is made by an owner in person only, and then nothing is left of those that were refused', async () => {
    const { deps, database, add } = await start();
    const owner = await add('owner', 'owner');
    const version = await readPolicyVersion(database);
    const wanted = { name: 'k', scopes: null, expiresAt: null };
    const withKey = by({ ...inPerson(owner).who, credentialId: 'apikey_1' } as never);
    for (const doer of [BY_ADMIN, withKey])
      await expect(createAdminKey(deps)(wanted, doer)).rejects.toMatchObject({ code: 'permission_denied' });
    const late = createAdminKey(deps)({ ...wanted, expiresAt: LONG_AGO }, BY_OWNER);
    await expect(late).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await readPolicyVersion(database)).toBe(version);
    expect(await apiKeyStore(database).listAdmin()).toEqual([]);
  });

  it('of the configuration is listed, and taken away there', async () => {
    const { deps, database } = await start();
    await acceptConfiguredKey(deps)('a-secret-of-the-configuration');
    const [key] = await apiKeyStore(database).listAdmin();
    expect(key).toMatchObject({ origin: 'config', scopes: null });
    await expect(revokeAdminKey(deps)(key?.id ?? '', BY_OWNER)).rejects.toMatchObject({ code: 'invalid_request' });
    expect((await apiKeyStore(database).listAdmin()).length).toBe(1);
  });
});
