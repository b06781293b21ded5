import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { Actor } from '../../kernel/index.ts';
import { acceptConfiguredKey } from '../api-keys/accept-configured-key.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import { createGroup } from '../groups/change-group.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { createAuthenticate, presentedKey } from './authenticate.ts';
import { openSession } from './sign-in.ts';

const ADMIN_KEY = 'an-admin-key-of-the-configuration-0001';

type Sent = Readonly<Record<string, string>>;

const request = (headers: Sent, method = 'GET'): Request =>
  new Request('https://remit.test/v1/session', { method, headers: { host: 'remit.test', ...headers } });

forEachDatabase((_engine, open) => {
  it('recognises a key in x-api-key, as a bearer, and the same one in both', async () => {
    const { deps, add, keyOf } = await openDirectory(await open());
    const ada = await add('ada', 'membership_admin');
    const key = await keyOf(ada);
    const authenticate = createAuthenticate(deps);
    const ways: readonly Sent[] = [
      { 'x-api-key': key },
      { authorization: `Bearer ${key}` },
      { authorization: `bearer   ${key}` },
      { 'x-api-key': key, authorization: `Bearer ${key}` },
    ];
    for (const headers of ways)
      expect(await authenticate(request(headers))).toMatchObject({ kind: 'member', userId: ada.id, sessionId: null });
  });

  it('tells members, service keys and admin keys apart', async () => {
    const { deps, add, keyOf } = await openDirectory(await open());
    const authenticate = createAuthenticate(deps);
    const group = await createGroup(deps)('Builders', BY_TEST);
    const service = { name: 'CI', owner: { groupId: group.id }, expiresAt: null };
    const { secret } = await createApiKey(deps)(service, BY_TEST);
    await acceptConfiguredKey(deps)(ADMIN_KEY);
    const kindOf = async (key: string): Promise<Actor['kind']> =>
      (await authenticate(request({ 'x-api-key': key }))).kind;
    expect(await kindOf(secret)).toBe('service');
    expect(await kindOf(ADMIN_KEY)).toBe('administrator');
    expect(await kindOf(await keyOf(await add('ada')))).toBe('member');
    expect(await authenticate(request({}))).toEqual({ kind: 'anonymous' });
  });

  it('refuses an unknown key as unknown and one that ended as revoked', async () => {
    const { deps, database, add, keyOf } = await openDirectory(await open());
    const authenticate = createAuthenticate(deps);
    const key = await keyOf(await add('ada'));
    const ask = (value: string) => authenticate(request({ 'x-api-key': value }));
    await expect(ask(`${key}x`)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await ask('')).toEqual({ kind: 'anonymous' });
    await database.tables<DirectoryTables>().updateTable('members').set({ status: 'removed' }).execute();
    await expect(ask(key)).rejects.toMatchObject({ code: 'credential_revoked' });
    await database.tables<DirectoryTables>().updateTable('api_keys').set({ status: 'inactive' }).execute();
    await expect(ask(key)).rejects.toMatchObject({ code: 'credential_revoked' });
  });

  it('takes the session of our own pages only for changes, and for reading from anywhere', async () => {
    const { deps, add } = await openDirectory(await open());
    const authenticate = createAuthenticate(deps);
    const ada = await add('ada');
    const cookie = `theme=dark; remit_session=${await openSession(deps)(ada.id, BY_TEST, 'password')}`;
    const change = (headers: Sent) => authenticate(request({ cookie, ...headers }, 'POST'));
    const member = { kind: 'member', userId: ada.id, credentialId: null };
    expect(await authenticate(request({ cookie, origin: 'https://elsewhere.test' }))).toMatchObject(member);
    expect(await change({ origin: 'https://remit.test' })).toMatchObject(member);
    expect(await change({ 'sec-fetch-site': 'same-origin' })).toMatchObject(member);
    const foreign: readonly Sent[] = [
      {},
      { origin: 'https://elsewhere.test' },
      { origin: 'null' },
      { origin: 'https://remit.test.elsewhere.test' },
      { origin: 'https://remit.test:8443' },
      { origin: 'https://elsewhere.test', 'sec-fetch-site': 'same-origin' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of foreign) await expect(change(headers)).rejects.toMatchObject({ code: 'permission_denied' });
  });

  it('takes a cookie that is no session for a visitor, and a key before a cookie', async () => {
    const { deps, add, keyOf } = await openDirectory(await open());
    const authenticate = createAuthenticate(deps);
    const [ada, bob] = [await add('ada'), await add('bob')];
    for (const cookie of ['remit_session=', 'remit_session=nonsense', 'other=1', ';;=', 'xremit_session=1'])
      expect(await authenticate(request({ cookie }))).toEqual({ kind: 'anonymous' });
    const headers = {
      cookie: `remit_session=${await openSession(deps)(ada.id, BY_TEST, 'password')}`,
      'x-api-key': await keyOf(bob),
    };
    expect(await authenticate(request(headers))).toMatchObject({ userId: bob.id });
  });
});

it('refuses two different keys, because nobody could say whose rules apply', () => {
  const two = new Headers({ 'x-api-key': 'one', authorization: 'Bearer two' });
  expect(() => presentedKey(two)).toThrow(/two different keys/);
});

it.each([
  [{}, undefined],
  [{ authorization: 'Basic b25lOnR3bw==' }, undefined],
  [{ authorization: 'Bearer' }, undefined],
  [{ 'x-api-key': ' one ' }, 'one'],
  [{ 'x-api-key': '', authorization: 'Bearer two' }, 'two'],
  [{ authorization: 'Basic b25lOnR3bw==', 'x-api-key': 'one' }, 'one'],
])('finds in %j the key %s', (headers, key) => {
  expect(presentedKey(new Headers(headers as Record<string, string>))).toBe(key);
});
