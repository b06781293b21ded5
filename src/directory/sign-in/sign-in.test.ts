import { argon2 } from 'node:crypto';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { hashPassword, hashSecret } from '../../platform/index.ts';
import { addMember } from '../members/add-member.ts';
import { memberStore } from '../members/store.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_TEST, type Directory, openDirectory } from '../testing/open-directory.ts';
import { createPasswordCheck } from './accounts/check-password.ts';
import { issueOwnerLink } from './issue-owner-link.ts';
import { issueSignInLink } from './issue-sign-in-link.ts';
import { redeemSignInLink } from './redeem-sign-in-link.ts';
import { signInStore } from './store.ts';

const PASSWORD = 'correct horse battery';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const FROM_HERE = { origin: 'https://remit.test', 'remit-console': 'active' };

/** A hash with parameters of an earlier time. */
const argon2Hash = async (password: string): Promise<string> => {
  const nonce = Buffer.from('salt of sixteen.');
  const parameters = { message: password, nonce, memory: 8192, passes: 1, parallelism: 1, tagLength: 32 };
  const tag = await promisify(argon2)('argon2id', parameters);
  return `argon2id$m=8192,t=1,p=1$${nonce.toString('base64url')}$${tag.toString('base64url')}`;
};

/** A member who has set a password. */
const withPassword = async ({ deps, add }: Directory, name = 'ada') => {
  const member = await add(name);
  const { token } = await issueSignInLink(deps)(member.id, BY_TEST);
  await redeemSignInLink(deps)({ token, password: PASSWORD }, BY_TEST);
  return member;
};

const cookieIn = (headers: Headers): string => headers.get('set-cookie')?.split(';')[0] ?? '';

forEachDatabase((_engine, open) => {
  const start = async () => openDirectory(await open());

  it('creates the owner with the link of the first start, names the organisation, and issues no link after that', async () => {
    const { deps, send } = await start();
    const token = await issueOwnerLink(deps);
    const link = await send('POST /v1/session/link', { body: { token } });
    expect(link.body).toMatchObject({ purpose: 'create_owner', email: null });
    const body = { token, password: PASSWORD, email: 'Chief@example.com', name: 'Chief', organization_name: 'Acme' };
    const made = await send('POST /v1/session/link/redeem', { body });
    expect(made.body).toMatchObject({
      user: { email: 'Chief@example.com', role: 'primary_owner' },
      has_owner: true,
      organization: { name: 'Acme' },
    });
    expect(await issueOwnerLink(deps)).toBeUndefined();
    const again = await send('POST /v1/session/link/redeem', { body });
    expect(again.status).toBe(404);
  });

  it('asks for name and address of the owner, and leaves the link usable when they are missing', async () => {
    const { deps, send } = await start();
    const token = await issueOwnerLink(deps);
    expect((await send('POST /v1/session/link/redeem', { body: { token, password: PASSWORD } })).status).toBe(400);
    expect((await send('POST /v1/session/link', { body: { token } })).status).toBe(200);
  });

  it('lets one win when two use a link at the same moment, or two links for the first owner', async () => {
    const { deps, database } = await start();
    const ada = await addMember(deps)({ email: 'ada@example.com', role: 'user' }, BY_TEST);
    const { token } = await issueSignInLink(deps)(ada.id, BY_TEST);
    const use = () => redeemSignInLink(deps)({ token, password: PASSWORD }, BY_TEST);
    const both = await Promise.allSettled([use(), use()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);

    const tokens = [`${token}1`, `${token}2`];
    for (const one of tokens)
      await signInStore(database).insertLink({
        id: deps.newId('link'),
        secret_hash: hashSecret(one),
        user_id: null,
        purpose: 'create_owner',
        created_at: deps.now(),
        expires_at: deps.now() + MINUTE_MS,
        used_at: null,
      });
    const owner = (one: string, name: string) =>
      redeemSignInLink(deps)({ token: one, password: PASSWORD, name, email: `${name}@example.com` }, BY_TEST);
    const owners = await Promise.allSettled(tokens.map((one, at) => owner(one, `chief${at}`)));
    expect(owners.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await memberStore(database).countOwners()).toBe(1);
  });

  it('ends a link by use, by a newer one and after 72 hours', async () => {
    const { deps, add, clock, send } = await start();
    const ada = await add('ada');
    const older = await issueSignInLink(deps)(ada.id, BY_TEST);
    const newer = await issueSignInLink(deps)(ada.id, BY_TEST);
    const look = async (token: string) => (await send('POST /v1/session/link', { body: { token } })).status;
    expect([await look(older.token), await look(newer.token)]).toEqual([404, 200]);
    clock.ms = newer.expiresAt - 10;
    expect(await look(newer.token)).toBe(200);
    clock.ms = newer.expiresAt;
    expect(await look(newer.token)).toBe(404);
    await expect(redeemSignInLink(deps)({ token: newer.token, password: PASSWORD }, BY_TEST)).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('does not hash a password for whoever has no link, because that would keep the machine busy', async () => {
    const { deps, send } = await start();
    const tries = 30;
    const cpuOf = async (run: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      for (let i = 0; i < tries; i++) await run();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const password = 'correct horse battery staple';
    const refused = await cpuOf(async () => {
      const { status } = await send('POST /v1/session/link/redeem', {
        body: { token: 'nobody gave it out', password },
      });
      expect(status).toBe(404);
    });
    expect(refused).toBeLessThan((await cpuOf(() => hashPassword(password))) / 2);
    expect(await memberStore(deps.database).countOwners()).toBe(0);
  });

  it('signs in with the right password only, and says the same of a wrong one as of an unknown address', async () => {
    const directory = await start();
    const ada = await withPassword(directory);
    const signIn = (email: string, password: string) =>
      directory.send('POST /v1/session', { body: { email, password } });
    const right = await signIn(' ADA@example.com', PASSWORD);
    expect(right.body).toMatchObject({ user: { id: ada.id } });
    expect(right.headers.get('set-cookie')).toMatch(
      /^__Host-remit_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/,
    );
    const wrong = await signIn('ada@example.com', `${PASSWORD}!`);
    const unknown = await signIn('nobody@example.com', PASSWORD);
    for (const got of [wrong, unknown]) expect([got.status, got.headers.get('set-cookie')]).toEqual([401, null]);
    expect(unknown.body.error).toEqual(wrong.body.error);
  });

  it('takes ten wrong tries for an address at once, also when they come together, and more with time', async () => {
    const directory = await start();
    await withPassword(directory);
    const check = createPasswordCheck(directory.deps);
    const tries = await Promise.allSettled(
      Array.from({ length: 14 }, () => check('ada@example.com', 'wrong', BY_TEST)),
    );
    const refusals = tries.map((one) => (one.status === 'rejected' ? String(one.reason.message) : ''));
    expect(refusals.filter((text) => text.startsWith('Too many'))).toHaveLength(4);
    await expect(check('ada@example.com', PASSWORD, BY_TEST)).rejects.toMatchObject({ code: 'rate_limited' });
    await withPassword(directory, 'bob');
    expect((await check('bob@example.com', PASSWORD, BY_TEST)).member).toMatchObject({ email: 'bob@example.com' });
    directory.clock.ms += 15 * MINUTE_MS;
    expect((await check('ADA@example.com', PASSWORD, BY_TEST)).member).toMatchObject({ email: 'ada@example.com' });
  });

  it('limits what one place tries on many addresses, and counts only what was wrong', async () => {
    const directory = await start();
    await withPassword(directory);
    const check = createPasswordCheck(directory.deps, { perAddressMax: 10, perPlaceMax: 3 });
    const from = { ...BY_TEST, ipAddress: '2001:db8::1' };
    for (let i = 0; i < 5; i++) (await check('ada@example.com', PASSWORD, from)).succeed();
    const codes: string[] = [];
    for (let i = 0; i < 4; i++)
      await check(`nobody${i}@example.com`, 'wrong', from).catch(({ code }) => codes.push(code));
    expect(codes).toEqual([...Array(3).fill('unauthenticated'), 'rate_limited']);
    const neighbour = { ...from, ipAddress: '2001:db8::2' };
    await expect(check('ada@example.com', PASSWORD, neighbour)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await check('ada@example.com', PASSWORD, { ...from, ipAddress: '192.0.2.1' })).toBeDefined();
  });

  it('records only so many failures of somebody who hammers the door, and says how many it left out', async () => {
    const { database, send, clock } = await start();
    const body = { email: 'nobody@example.com', password: 'wrong' };
    for (let i = 0; i < 40; i++) await send('POST /v1/session', { body });
    const failures = async () => {
      const rows = await database.tables<ActivityTables>().selectFrom('activities').selectAll().orderBy('id').execute();
      return rows.filter(({ type }) => type === 'remit_login_failed').map(({ fields }) => JSON.parse(fields));
    };
    expect(await failures()).toHaveLength(11);
    clock.ms += 15 * MINUTE_MS;
    await send('POST /v1/session', { body });
    expect((await failures()).at(-1)).toMatchObject({ not_recorded_before: 29 });
  });

  it('forgets wrong tries after a right one', async () => {
    const directory = await start();
    await withPassword(directory);
    const check = createPasswordCheck(directory.deps);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 9; i++) await expect(check('ada@example.com', 'wrong', BY_TEST)).rejects.toThrow(/not right/);
      (await check('ada@example.com', PASSWORD, BY_TEST)).succeed();
    }
  });

  it('replaces a hash of weaker parameters when its password is used', async () => {
    const directory = await start();
    const ada = await withPassword(directory);
    const tables = directory.database.tables<DirectoryTables>();
    const weak = await argon2Hash(PASSWORD);
    await tables.updateTable('passwords').set({ hash: weak }).execute();
    await createPasswordCheck(directory.deps)(ada.email, PASSWORD, BY_TEST);
    const { hash } = await tables.selectFrom('passwords').select('hash').executeTakeFirstOrThrow();
    expect(hash).toMatch(/^argon2id\$m=19456,t=2,p=1\$/);
    await createPasswordCheck(directory.deps)(ada.email, PASSWORD, BY_TEST);
  });

  it('ends a session after twelve hours however it is used, and at signing out', async () => {
    const directory = await start();
    await withPassword(directory);
    const { send, clock, database, deps } = directory;
    const body = { email: 'ada@example.com', password: PASSWORD };
    const cookie = cookieIn((await send('POST /v1/session', { body })).headers);
    const other = cookieIn((await send('POST /v1/session', { body })).headers);
    const who = async (value: string) => (await send('GET /v1/session', { headers: { cookie: value } })).body.user;
    expect(await who(cookie)).toMatchObject({ email: 'ada@example.com' });
    await send('DELETE /v1/session', { headers: { cookie: other, ...FROM_HERE } });
    expect(await who(other)).toBeNull();
    const openedAt = clock.ms;
    while (clock.ms < openedAt + 12 * HOUR_MS - 30 * MINUTE_MS) {
      clock.ms += 20 * MINUTE_MS;
      expect(await who(cookie)).not.toBeNull();
    }
    clock.ms = openedAt + 12 * HOUR_MS - 1000;
    expect(await who(cookie)).not.toBeNull();
    clock.ms = openedAt + 12 * HOUR_MS;
    expect(await who(cookie)).toBeNull();
    await signInStore(database).deleteExpired(deps.now());
    expect(await database.tables<DirectoryTables>().selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  it('ends a session that nobody used for half an hour, and takes a page that looks by itself for nobody', async () => {
    const directory = await start();
    const { send, clock, consoleOf } = directory;
    const { cookie } = await consoleOf(await directory.add('ada'));
    const look = async (console: string) =>
      (await send('GET /v1/session', { headers: { cookie, 'remit-console': console } })).body.user;
    clock.ms += 29 * MINUTE_MS;
    expect(await look('active')).not.toBeNull();
    clock.ms += 29 * MINUTE_MS;
    expect(await look('idle')).not.toBeNull();
    clock.ms += 2 * MINUTE_MS;
    expect(await look('active')).toBeNull();
  });

  it('signs everybody with the old password out when it changes', async () => {
    const directory = await start();
    const ada = await withPassword(directory);
    const { send, deps } = directory;
    const body = { email: 'ada@example.com', password: PASSWORD };
    const cookie = cookieIn((await send('POST /v1/session', { body })).headers);
    const { token } = await issueSignInLink(deps)(ada.id, BY_TEST);
    await redeemSignInLink(deps)({ token, password: 'another long password' }, BY_TEST);
    expect((await send('GET /v1/session', { headers: { cookie } })).body.user).toBeNull();
    expect((await send('POST /v1/session', { body })).status).toBe(401);
  });

  it('stores secrets of sessions, links and passwords as hashes only', async () => {
    const directory = await start();
    const ada = await withPassword(directory);
    const { send, deps, database } = directory;
    const cookie = cookieIn(
      (await send('POST /v1/session', { body: { email: ada.email, password: PASSWORD } })).headers,
    );
    const { token } = await issueSignInLink(deps)(ada.id, BY_TEST);
    const tables = database.tables<DirectoryTables>();
    const stored = JSON.stringify([
      await tables.selectFrom('sessions').selectAll().execute(),
      await tables.selectFrom('sign_in_links').selectAll().execute(),
      await tables.selectFrom('passwords').selectAll().execute(),
    ]);
    for (const secret of [cookie.slice('remit_session='.length), token, PASSWORD]) expect(stored).not.toContain(secret);
    expect(stored).toContain(hashSecret(token));
  });

  it('asks for a password of twelve characters', async () => {
    const { deps, add, send } = await start();
    const { token } = await issueSignInLink(deps)((await add('ada')).id, BY_TEST);
    const got = await send('POST /v1/session/link/redeem', { body: { token, password: 'eleven char' } });
    expect(got).toMatchObject({ status: 400, body: { error: { message: expect.stringContaining('password') } } });
  });
});
