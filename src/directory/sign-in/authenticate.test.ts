import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { Actor } from '../../kernel/index.ts';
import { acceptConfiguredKey } from '../api-keys/accept-configured-key.ts';
import { createApiKey } from '../api-keys/create-api-key.ts';
import type { DirectoryDeps } from '../deps.ts';
import { createGroup } from '../groups/change-group.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_TEST, openDirectory } from '../testing/open-directory.ts';
import { createAuthenticate, presentedKey } from './authenticate.ts';
import { openSession } from './sessions/open-session.ts';

const ADMIN_KEY = 'an-admin-key-of-the-configuration-0001';

type Sent = Readonly<Record<string, string>>;

/** As on https. */
const authenticateBy =
  (deps: DirectoryDeps) =>
  (sent: Request, isSecure = true) =>
    createAuthenticate(deps)(sent, { isSecure });

const request = (headers: Sent, method = 'GET'): Request =>
  new Request('https://remit.test/v1/session', { method, headers: { host: 'remit.test', ...headers } });

forEachDatabase((_engine, open) => {
  it('recognises a key in x-api-key, as a bearer, and the same one in both', async () => {
    const { deps, add, keyOf } = await openDirectory(await open());
    const ada = await add('ada', 'membership_admin');
    const key = await keyOf(ada);
    const authenticate = authenticateBy(deps);
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
    const authenticate = authenticateBy(deps);
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
    const authenticate = authenticateBy(deps);
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
    const authenticate = authenticateBy(deps);
    const ada = await add('ada');
    const { secret } = await openSession(deps)(ada.id, BY_TEST, { method: 'password' });
    const cookie = `theme=dark; __Host-remit_session=${secret}`;
    const ours = { cookie, 'remit-console': 'active' };
    const change = (headers: Sent) => authenticate(request({ ...ours, ...headers }, 'POST'));
    const member = { kind: 'member', userId: ada.id, credentialId: null };
    expect(await authenticate(request({ cookie, origin: 'https://elsewhere.test' }))).toMatchObject(member);
    const own: readonly Sent[] = [
      { origin: 'https://remit.test' },
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'https://remit.test', 'content-type': 'application/json; charset=utf-8' },
    ];
    for (const headers of own) expect(await change(headers)).toMatchObject(member);
    const foreign: readonly Sent[] = [
      {},
      { origin: 'https://elsewhere.test' },
      { origin: 'null' },
      { origin: 'https://remit.test.elsewhere.test' },
      { origin: 'https://remit.test:8443' },
      { origin: 'https://elsewhere.test', 'sec-fetch-site': 'same-origin' },
      { origin: 'https://remit.test', 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of foreign) await expect(change(headers)).rejects.toMatchObject({ code: 'permission_denied' });
    // A form of another site, were it to get past all that, has no such header and cannot send JSON.
    const form = request({ cookie, origin: 'https://remit.test' }, 'POST');
    await expect(authenticate(form)).rejects.toMatchObject({ code: 'permission_denied' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])
      await expect(change({ origin: 'https://remit.test', 'content-type': type })).rejects.toMatchObject({
        code: 'invalid_request',
      });
  });

  it('refuses a browser on another site that has no session: nobody is signed in as somebody else', async () => {
    const { deps } = await openDirectory(await open());
    const authenticate = authenticateBy(deps);
    const foreign: readonly Sent[] = [{ origin: 'https://elsewhere.test' }, { 'sec-fetch-site': 'cross-site' }];
    for (const headers of foreign)
      await expect(authenticate(request(headers, 'POST'))).rejects.toMatchObject({ code: 'permission_denied' });
    expect(await authenticate(request({}, 'POST'))).toEqual({ kind: 'anonymous' });
  });

  it('takes a cookie that is no session for a visitor, and a key before a cookie', async () => {
    const { deps, add, keyOf } = await openDirectory(await open());
    const authenticate = authenticateBy(deps);
    const [ada, bob] = [await add('ada'), await add('bob')];
    const name = '__Host-remit_session';
    for (const cookie of [`${name}=`, `${name}=nonsense`, 'other=1', ';;=', `x${name}=1`])
      expect(await authenticate(request({ cookie }))).toEqual({ kind: 'anonymous' });
    const { secret } = await openSession(deps)(ada.id, BY_TEST, { method: 'password' });
    const headers = { cookie: `${name}=${secret}`, 'x-api-key': await keyOf(bob) };
    expect(await authenticate(request(headers))).toMatchObject({ userId: bob.id });
  });

  it('keeps the cookies of http and https apart, so that a neighbour on http cannot plant one', async () => {
    const { deps, add } = await openDirectory(await open());
    const authenticate = authenticateBy(deps);
    const ada = await add('ada');
    const { secret } = await openSession(deps)(ada.id, BY_TEST, { method: 'password' });
    const plain = request({ cookie: `remit_session=${secret}` });
    expect(await authenticate(plain, true)).toEqual({ kind: 'anonymous' });
    expect(await authenticate(plain, false)).toMatchObject({ userId: ada.id });
    const hosted = request({ cookie: `__Host-remit_session=${secret}` });
    expect(await authenticate(hosted, false)).toEqual({ kind: 'anonymous' });
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
