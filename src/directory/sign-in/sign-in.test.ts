import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { hashSecret } from '../../platform/index.ts';
import { addMember } from '../members/add-member.ts';
import { memberStore } from '../members/store.ts';
import type { DirectoryTables } from '../tables.ts';
import { BY_TEST, type Directory, openDirectory } from '../testing/open-directory.ts';
import { issueOwnerLink } from './issue-owner-link.ts';
import { issueSignInLink } from './issue-sign-in-link.ts';
import { redeemSignInLink } from './redeem-sign-in-link.ts';
import { createPasswordCheck, SESSION_LIFETIME_MS } from './sign-in.ts';
import { signInStore } from './store.ts';

const PASSWORD = 'correct horse battery';
const MINUTE_MS = 60_000;
const FROM_HERE = { origin: 'https://remit.test' };

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

  it('signs in with the right password only, and says the same of a wrong one as of an unknown address', async () => {
    const directory = await start();
    const ada = await withPassword(directory);
    const signIn = (email: string, password: string) =>
      directory.send('POST /v1/session', { body: { email, password } });
    const right = await signIn(' ADA@example.com', PASSWORD);
    expect(right.body).toMatchObject({ user: { id: ada.id } });
    expect(right.headers.get('set-cookie')).toMatch(
      /^remit_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure$/,
    );
    const wrong = await signIn('ada@example.com', `${PASSWORD}!`);
    const unknown = await signIn('nobody@example.com', PASSWORD);
    for (const got of [wrong, unknown]) expect([got.status, got.headers.get('set-cookie')]).toEqual([401, null]);
    expect(unknown.body.error).toEqual(wrong.body.error);
  });

  it('takes ten wrong tries for an address in a quarter of an hour, also when they come all at once', async () => {
    const directory = await start();
    await withPassword(directory);
    const check = createPasswordCheck(directory.deps);
    const tries = await Promise.allSettled(Array.from({ length: 14 }, () => check('ada@example.com', 'wrong')));
    const refusals = tries.map((one) => (one.status === 'rejected' ? String(one.reason.message) : ''));
    expect(refusals.filter((text) => text.startsWith('Too many'))).toHaveLength(4);
    await expect(check('ada@example.com', PASSWORD)).rejects.toThrow(/Too many/);
    await withPassword(directory, 'bob');
    expect(await check('bob@example.com', PASSWORD)).toMatchObject({ email: 'bob@example.com' });
    directory.clock.ms += 15 * MINUTE_MS;
    expect(await check('ADA@example.com', PASSWORD)).toMatchObject({ email: 'ada@example.com' });
  });

  it('forgets wrong tries after a right one', async () => {
    const directory = await start();
    await withPassword(directory);
    const check = createPasswordCheck(directory.deps);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 9; i++) await expect(check('ada@example.com', 'wrong')).rejects.toThrow(/not right/);
      await check('ada@example.com', PASSWORD);
    }
  });

  it('ends a session after its twelve hours, and at signing out', async () => {
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
    clock.ms += SESSION_LIFETIME_MS - 1000;
    expect(await who(cookie)).not.toBeNull();
    clock.ms += 1000;
    expect(await who(cookie)).toBeNull();
    await signInStore(database).deleteExpired(deps.now());
    expect(await database.tables<DirectoryTables>().selectFrom('sessions').selectAll().execute()).toEqual([]);
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
