import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { hashSecret } from '../../platform/index.ts';
import { createGroup } from '../groups/change-group.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_TEST, type Directory, openDirectory } from '../testing/open-directory.ts';
import { acceptConfiguredKey } from './accept-configured-key.ts';
import { createApiKey, hintOf } from './create-api-key.ts';
import { apiKeyStore } from './store.ts';
import { updateApiKey } from './update-api-key.ts';

const ADMIN_KEY = 'an-admin-key-of-the-configuration-0001';

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  const withKey = async ({ deps, add }: Directory, expiresAt: number | null = null) => {
    const ada = await add('ada');
    return createApiKey(deps)({ name: 'laptop', owner: { userId: ada.id }, expiresAt }, BY_TEST);
  };

  it('stores the hash and a hint of a key, and its secret nowhere', async () => {
    const directory = await start();
    const { key, secret } = await withKey(directory);
    const [row] = await directory.database.tables<DirectoryTables>().selectFrom('api_keys').selectAll().execute();
    expect(row).toMatchObject({
      id: key.id,
      secret_hash: hashSecret(secret),
      hint: `sk-remit-${secret.slice(9, 16)}…${secret.slice(-4)}`,
    });
    expect(JSON.stringify(row)).not.toContain(secret.slice(9));
  });

  it('refuses a key for nobody', async () => {
    const { deps } = await start();
    for (const owner of [{ userId: 'user_x' }, { groupId: 'rbac_group_x' }]) {
      const made = createApiKey(deps)({ name: 'x', owner, expiresAt: null }, BY_TEST);
      await expect(made).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('recognises a key until it is switched off, and again once it is back on', async () => {
    const directory = await start();
    const { key, secret } = await withKey(directory);
    const ask = async () => (await directory.send('GET /v1/me/api_keys', { key: secret })).status;
    expect(await ask()).toBe(200);
    await updateApiKey(directory.deps)(key.id, { status: 'inactive' }, BY_TEST);
    expect(await ask()).toBe(401);
    await updateApiKey(directory.deps)(key.id, { status: 'active' }, BY_TEST);
    expect(await ask()).toBe(200);
  });

  it('archives for good: neither on nor off again, though the name may change', async () => {
    const directory = await start();
    const { deps, database } = directory;
    const { key } = await withKey(directory);
    await updateApiKey(deps)(key.id, { status: 'archived' }, BY_TEST);
    for (const status of ['active', 'inactive'] as const)
      await expect(updateApiKey(deps)(key.id, { status }, BY_TEST)).rejects.toMatchObject({ code: 'invalid_request' });
    await updateApiKey(deps)(key.id, { name: 'the old laptop', status: 'archived' }, BY_TEST);
    expect(await apiKeyStore(database).find(key.id)).toMatchObject({ name: 'the old laptop', status: 'archived' });
  });

  it('shows a key as expired from the moment its time is over, and finds it by that status only', async () => {
    const directory = await start();
    const { send, add, keyOf, clock } = directory;
    const owner = await keyOf(await add('owner', 'owner'));
    const { key, secret } = await withKey(directory, clock.ms + 60_000);
    const list = async (status: string) =>
      (
        (await send(`GET /v1/organizations/api_keys?status=${status}`, { key: owner })).body.data as { id: string }[]
      ).some(({ id }) => id === key.id);
    const show = async () => (await send(`GET /v1/organizations/api_keys/${key.id}`, { key: owner })).body.status;
    expect([await show(), await list('active'), await list('expired')]).toEqual(['active', true, false]);
    clock.ms += 60_000;
    expect([await show(), await list('active'), await list('expired')]).toEqual(['expired', false, true]);
    expect((await send('GET /v1/me/api_keys', { key: secret })).status).toBe(401);
  });

  it('lists newest first, forward and back, by owner, group and creator', async () => {
    const directory = await start();
    const { deps, add, send, keyOf } = directory;
    const owner = await add('owner', 'owner');
    const group = await createGroup(deps)('Builders', BY_TEST);
    const key = await keyOf(owner);
    const made: string[] = [];
    for (const name of ['1', '2', '3']) {
      const body = { name, rbac_group_id: group.id };
      made.unshift(String((await send('POST /v1/organizations/api_keys', { key, body })).body.id));
    }
    const list = async (query: string) => (await send(`GET /v1/organizations/api_keys?${query}`, { key })).body;
    const idsOf = (body: Record<string, unknown>) => (body.data as { id: string }[]).map(({ id }) => id);
    const ofGroup = `rbac_group_id=${group.id}&limit=2`;
    const first = await list(ofGroup);
    expect([idsOf(first), first.has_more]).toEqual([made.slice(0, 2), true]);
    const second = await list(`${ofGroup}&after_id=${first.last_id}`);
    expect([idsOf(second), second.has_more]).toEqual([made.slice(2), false]);
    const back = await list(`${ofGroup}&before_id=${made[2]}`);
    expect([idsOf(back), back.has_more]).toEqual([made.slice(0, 2), false]);
    expect((await list(`rbac_group_id=${group.id}&limit=1&before_id=${made[2]}`)).has_more).toBe(true);
    expect(idsOf(await list(`created_by_user_id=${owner.id}`))).toEqual(made);
    expect(idsOf(await list(`user_id=${owner.id}`))).toHaveLength(1);
  });

  it('finds keys by part of a name or hint, as it is written and whatever its case', async () => {
    const directory = await start();
    const { deps, add, send, keyOf, database } = directory;
    const owner = await add('owner', 'owner');
    const key = await keyOf(owner);
    for (const name of ['100% of CI', 'snake_case', 'Östen’s laptop'])
      await createApiKey(deps)({ name, owner: { userId: owner.id }, expiresAt: null }, BY_TEST);
    const find = async (search: string) => {
      const { body } = await send(`GET /v1/organizations/api_keys?search=${encodeURIComponent(search)}`, { key });
      return (body.data as { name: string }[]).map(({ name }) => name);
    };
    expect(await find('% OF')).toEqual(['100% of CI']);
    expect(await find('e_c')).toEqual(['snake_case']);
    expect(await find('Östen')).toEqual(['Östen’s laptop']);
    expect(await find('nothing like it')).toEqual([]);
    const hint = (await apiKeyStore(database).list({ search: 'snake', limit: 1 }, 0))[0]?.hint ?? '';
    expect(await find(hint.slice(-4))).toEqual(['snake_case']);
  });

  it('sorts keys by name, or the oldest first, a page at a time', async () => {
    const { deps, add, send, keyOf } = await start();
    const owner = await add('owner', 'owner');
    const key = await keyOf(owner);
    for (const name of ['night', 'build', 'docs'])
      await createApiKey(deps)({ name, owner: { userId: owner.id }, expiresAt: null }, BY_TEST);
    const list = async (query: string) => {
      const { body } = await send(`GET /v1/organizations/api_keys?search=&limit=2&${query}`, { key });
      return body as { data: { name: string }[]; last_id: string };
    };
    const first = await list('sort_by=name');
    expect(first.data.map(({ name }) => name)).toEqual(['build', 'docs']);
    expect((await list(`sort_by=name&after_id=${first.last_id}`)).data.map(({ name }) => name)).toContain('night');
    expect((await list('sort_order=asc')).data.map(({ name }) => name)).toContain('night');
    expect((await list('')).data.map(({ name }) => name)).toEqual(['docs', 'build']);
  });

  it('gives out the secret once: at creation, and in no later answer', async () => {
    const { add, keyOf, send } = await start();
    const key = await keyOf(await add('owner', 'owner'));
    const made = await send('POST /v1/me/api_keys', { key, body: { name: 'x' } });
    const secret = String(made.body.key);
    expect(secret).toMatch(/^sk-remit-[\w-]{43}$/);
    const later = await send('GET /v1/organizations/api_keys', { key });
    expect(JSON.stringify(later.body)).not.toContain(secret);
    expect(JSON.stringify(later.body)).not.toContain(hashSecret(secret));
  });

  it("lets members revoke keys of their own and nobody else's", async () => {
    const directory = await start();
    const { add, keyOf, send } = directory;
    const { key: others } = await withKey(directory);
    const bob = await add('bob');
    const key = await keyOf(bob);
    expect((await send(`DELETE /v1/me/api_keys/${others.id}`, { key })).status).toBe(404);
    const mine = (await send('POST /v1/me/api_keys', { key, body: { name: 'x' } })).body;
    expect((await send(`DELETE /v1/me/api_keys/${mine.id}`, { key })).body).toMatchObject({ status: 'archived' });
    expect((await send('GET /v1/me/api_keys', { key: String(mine.key) })).status).toBe(401);
  });

  describe('the admin key of the configuration', () => {
    it('is accepted, administers, and is neither listed nor changed like other keys', async () => {
      const { deps, send, database } = await start();
      await acceptConfiguredKey(deps)(ADMIN_KEY);
      await acceptConfiguredKey(deps)(ADMIN_KEY);
      const listed = await send('GET /v1/organizations/api_keys', { key: ADMIN_KEY });
      expect(listed).toMatchObject({ status: 200, body: { data: [] } });
      const rows = await database.tables<DirectoryTables>().selectFrom('api_keys').selectAll().execute();
      expect(rows).toHaveLength(1);
      const path = `/v1/organizations/api_keys/${rows[0]?.id}`;
      expect((await send(`GET ${path}`, { key: ADMIN_KEY })).status).toBe(404);
      expect((await send(`POST ${path}`, { key: ADMIN_KEY, body: { status: 'archived' } })).status).toBe(404);
    });

    it('stops counting when the configuration names another or none, and counts again when it comes back', async () => {
      const { deps, send } = await start();
      const ask = async (key: string) => (await send('GET /v1/organizations/api_keys', { key })).status;
      const next = `${ADMIN_KEY}-next`;
      await acceptConfiguredKey(deps)(ADMIN_KEY);
      await acceptConfiguredKey(deps)(next);
      expect([await ask(ADMIN_KEY), await ask(next)]).toEqual([401, 200]);
      await acceptConfiguredKey(deps)(undefined);
      expect([await ask(ADMIN_KEY), await ask(next)]).toEqual([401, 401]);
      await acceptConfiguredKey(deps)(ADMIN_KEY);
      expect([await ask(ADMIN_KEY), await ask(next)]).toEqual([200, 401]);
    });

    it('is made once when several nodes start at the same moment', async () => {
      const { deps, database } = await start();
      await Promise.all([1, 2, 3].map(() => acceptConfiguredKey(deps)(ADMIN_KEY)));
      expect(await apiKeyStore(database).findFromConfig()).toHaveLength(1);
    });

    it('is not a key that was created here, which would come back to life with it', async () => {
      const directory = await start();
      const { key, secret } = await withKey(directory);
      await updateApiKey(directory.deps)(key.id, { status: 'archived' }, BY_TEST);
      await expect(acceptConfiguredKey(directory.deps)(secret)).rejects.toMatchObject({ code: 'conflict' });
      expect((await apiKeyStore(directory.database).find(key.id))?.status).toBe('archived');
    });
  });
});

describe('the hint of a key', () => {
  it.each([8, 16, 24, 39, 40, 52, 100])('leaves the greater part of a secret of %i characters unsaid', (length) => {
    const secret = 'abcdefghij'.repeat(10).slice(0, length);
    expect(hintOf(secret).length - 1).toBeLessThanOrEqual(length / 2);
  });
});
