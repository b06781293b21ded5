import { Secret, TOTP } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import type { OrganisationRole } from '../../../kernel/index.ts';
import type { DirectoryTables } from '../../tables.ts';
import { BY_ADMIN, BY_TEST, type Directory, fromConsole, openDirectory } from '../../testing/open-directory.ts';
import { issueSignInLink } from '../issue-sign-in-link.ts';
import { redeemSignInLink } from '../redeem-sign-in-link.ts';
import { openSession } from '../sessions/open-session.ts';
import { updateSettings } from '../settings/update-settings.ts';
import type { SecondFactorRule } from '../tables.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import { isSecondFactorRequired } from './second-factor-rule.ts';
import { accountStore } from './store.ts';

const PASSWORD = 'correct horse battery';
const HALF_MINUTE_MS = 30_000;

const secretIn = (headers: Headers): string => /remit_session=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';

/** Ada with a password, at the console. */
const begin = async (directory: Directory, role: OrganisationRole = 'user') => {
  const { deps, add, send, clock } = directory;
  const ada = await add('ada', role);
  const { token } = await issueSignInLink(deps)(ada.id, BY_TEST);
  await redeemSignInLink(deps)({ token, password: PASSWORD }, BY_TEST);
  const signIn = (body: object = {}) =>
    send('POST /v1/session', { body: { email: ada.email, password: PASSWORD, ...body } });
  const headers = fromConsole(secretIn((await signIn()).headers));
  const code = (secret: string, shiftMs = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.ms + shiftMs });
  return { ...directory, ada, signIn, headers, code };
};

/** Ada with a second factor; the clock stands at the start of a half minute. */
const withFactor = async (directory: Directory) => {
  const started = await begin(directory);
  const { send, headers, code, clock } = started;
  clock.ms = Math.ceil(clock.ms / HALF_MINUTE_MS) * HALF_MINUTE_MS;
  const enrolled = await send('POST /v1/me/security/second_factor', { headers, body: {} });
  const secret = String(enrolled.body.secret);
  const body = { code: code(secret) };
  const confirmed = await send('POST /v1/me/security/second_factor/confirm', { headers, body });
  clock.ms += 2 * HALF_MINUTE_MS;
  return {
    ...started,
    secret,
    enrolled,
    codes: confirmed.body.recovery_codes as string[],
    renewed: fromConsole(secretIn(confirmed.headers)),
  };
};

const codeOf = ({ body }: { body: Record<string, unknown> }) =>
  (body.error as { details?: { error_code?: string } } | undefined)?.details?.error_code;

forEachDatabase((_engine, open) => {
  const start = async () => begin(await openDirectory(await open()));
  const startWithFactor = async () => withFactor(await openDirectory(await open()));

  it('asks for the code once the first one has been shown, and not before', async () => {
    const { send, headers, signIn } = await start();
    const enrolled = await send('POST /v1/me/security/second_factor', { headers, body: {} });
    expect(enrolled.body.otpauth_url).toMatch(/^otpauth:\/\/totp\/Remit%20My%20organisation:ada%40example\.com\?/);
    expect((await signIn()).status).toBe(200);
    const wrong = await send('POST /v1/me/security/second_factor/confirm', { headers, body: { code: '000000' } });
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'second_factor_wrong']);
    expect((await signIn()).status).toBe(200);
  });

  it('is begun once however often one clicks, and confirmed with the seed that was shown last', async () => {
    const { send, headers, code } = await start();
    const path = 'POST /v1/me/security/second_factor';
    const all = await Promise.all([1, 2, 3, 4].map(() => send(path, { headers, body: {} })));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const tries = [];
    for (const { body } of all)
      tries.push((await send(`${path}/confirm`, { headers, body: { code: code(String(body.secret)) } })).status);
    expect(tries.filter((status) => status === 200)).toHaveLength(1);
  });

  it('is asked for with a sign-in link as well, which stands in for the password only', async () => {
    const { deps, ada, send, code, secret, codes, signIn } = await startWithFactor();
    const { token } = await issueSignInLink(deps)(ada.id, BY_TEST);
    const password = 'another correct horse';
    const redeem = (more: object = {}) => send('POST /v1/session/link/redeem', { body: { token, password, ...more } });
    expect((await send('POST /v1/session/link', { body: { token } })).body).toMatchObject({ asks_for_code: true });
    const without = await redeem();
    expect([without.status, codeOf(without), without.headers.get('set-cookie')]).toEqual([
      401,
      'second_factor_required',
      null,
    ]);
    expect(codeOf(await redeem({ code: '000000' }))).toBe('second_factor_wrong');
    // A password that is refused uses up neither code nor link.
    expect((await redeem({ password: 'password1234', code: code(secret) })).status).toBe(400);
    const done = await redeem({ code: code(secret) });
    expect([done.status, done.body.user]).toEqual([200, expect.objectContaining({ id: ada.id })]);
    expect(codeOf(await signIn({ password }))).toBe('second_factor_required');
    const next = (await issueSignInLink(deps)(ada.id, BY_TEST)).token;
    const again = { token: next, password: 'yet another horse' };
    for (let i = 0; i < 10; i++) await redeem({ ...again, code: '000000' });
    const stopped = await redeem({ ...again, code: codes[0] });
    expect([stopped.status, codeOf(stopped)]).toEqual([429, 'too_many_attempts']);
  });

  it('has one set of recovery codes, also when they are renewed twice at the same moment', async () => {
    const { send, renewed: headers, deps, ada } = await startWithFactor();
    const renew = () => send('POST /v1/me/security/recovery_codes', { headers, body: { password: PASSWORD } });
    const sets = (await Promise.all([renew(), renew(), renew()])).map(({ body }) => body.recovery_codes as string[]);
    const left = await accountStore(deps.database).countRecoveryCodes(ada.id);
    expect(sets.map(({ length }) => length)).toEqual([left, left, left]);
  });

  it('signs in with password and code, and takes each code once', async () => {
    const { signIn, code, secret } = await startWithFactor();
    const asked = await signIn();
    expect([asked.status, codeOf(asked), asked.headers.get('set-cookie')]).toEqual([
      401,
      'second_factor_required',
      null,
    ]);
    const now = code(secret);
    expect((await signIn({ code: now })).status).toBe(200);
    expect(codeOf(await signIn({ code: now }))).toBe('second_factor_wrong');
    expect((await signIn({ code: now, password: 'wrong' })).status).toBe(401);
  });

  it('lets one of two win who send the same code at the same moment', async () => {
    const { signIn, code, secret } = await startWithFactor();
    const both = await Promise.all([signIn({ code: code(secret) }), signIn({ code: code(secret) })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it.each<readonly [shiftMs: number, status: number]>([
    [-2 * HALF_MINUTE_MS, 401],
    [-HALF_MINUTE_MS, 200],
    [0, 200],
    [HALF_MINUTE_MS, 200],
    [2 * HALF_MINUTE_MS, 401],
  ])('forgives clocks that differ by a half minute: %i ms answers %i', async (shiftMs, status) => {
    const { signIn, code, secret, clock } = await startWithFactor();
    clock.ms = Math.ceil(clock.ms / HALF_MINUTE_MS) * HALF_MINUTE_MS + 4 * HALF_MINUTE_MS;
    expect((await signIn({ code: code(secret, shiftMs) })).status).toBe(status);
  });

  it('takes each recovery code once, however it is typed, and counts what is left', async () => {
    const { signIn, codes, send, renewed } = await startWithFactor();
    const [first = '', second = ''] = codes;
    expect((await signIn({ code: first.toLowerCase().replaceAll('-', ' ') })).status).toBe(200);
    expect((await signIn({ code: first })).status).toBe(401);
    expect((await signIn({ code: second })).status).toBe(200);
    const { body } = await send('GET /v1/me/security', { headers: renewed });
    expect(body.second_factor).toMatchObject({ is_enabled: true, recovery_codes_left: 8 });
  });

  it('gives no free guesses at the code to whoever knows the password', async () => {
    const { signIn } = await startWithFactor();
    const tries = [];
    for (let i = 0; i < 14; i++) tries.push((await signIn({ code: '000000' })).status);
    expect(tries).toEqual([...Array(10).fill(401), ...Array(4).fill(429)]);
  });

  it('renews the session that set it up and ends the others', async () => {
    const { send, headers, renewed } = await startWithFactor();
    const who = async (sent: object) => (await send('GET /v1/session', { headers: { ...sent } })).body.user;
    expect([await who(headers), await who(renewed)]).toEqual([null, expect.objectContaining({ role: 'user' })]);
  });

  it('asks for the password before it is taken away or given new recovery codes', async () => {
    const { send, renewed: headers, codes, signIn } = await startWithFactor();
    for (const path of ['second_factor/remove', 'recovery_codes']) {
      const wrong = await send(`POST /v1/me/security/${path}`, { headers, body: { password: 'wrong' } });
      expect([wrong.status, codeOf(wrong)]).toEqual([403, 'password_wrong']);
    }
    const body = { password: PASSWORD };
    const made = await send('POST /v1/me/security/recovery_codes', { headers, body });
    expect(made.body.recovery_codes).toHaveLength(10);
    expect((await signIn({ code: codes[0] })).status).toBe(401);
    await send('POST /v1/me/security/second_factor/remove', { headers, body });
    expect((await signIn()).status).toBe(200);
  });

  it('lets a fresh sign-in stand for the password when it is set up, for five minutes', async () => {
    const { send, headers, clock } = await start();
    clock.ms += 5 * 60_000;
    const late = await send('POST /v1/me/security/second_factor', { headers, body: {} });
    expect([late.status, codeOf(late)]).toEqual([403, 'password_required']);
    const body = { password: PASSWORD };
    expect((await send('POST /v1/me/security/second_factor', { headers, body })).status).toBe(200);
  });

  it('opens nothing else to whoever has to set it up first, and everything once they have', async () => {
    const directory = await openDirectory(await open());
    const { send, headers, deps, code } = await begin(directory, 'owner');
    await updateSettings(deps)({ second_factor: 'owners' }, BY_ADMIN);
    expect((await send('GET /v1/session', { headers })).body).toMatchObject({
      permissions: [],
      must_set_up_second_factor: true,
    });
    for (const line of ['GET /v1/organizations/users', 'GET /v1/me/api_keys', 'POST /v1/me/security/password'])
      expect(codeOf(await send(line, { headers }))).toBe('second_factor_enrolment_required');
    const { body } = await send('POST /v1/me/security/second_factor', { headers, body: {} });
    const confirmation = { headers, body: { code: code(String(body.secret)) } };
    const confirmed = await send('POST /v1/me/security/second_factor/confirm', confirmation);
    const renewed = fromConsole(secretIn(confirmed.headers));
    expect((await send('GET /v1/organizations/users', { headers: renewed })).status).toBe(200);
  });

  it('leaves whoever comes from an identity provider to that', async () => {
    const { add, deps, send } = await openDirectory(await open());
    const ada = await add('ada', 'owner');
    await updateSettings(deps)({ second_factor: 'everybody' }, BY_ADMIN);
    const { secret } = await openSession(deps)(ada.id, BY_TEST, { method: 'sso' });
    expect((await send('GET /v1/organizations/users', { headers: fromConsole(secret) })).status).toBe(200);
  });

  it('is reset by an administrator for somebody who lost it, who is signed out by that', async () => {
    const { send, ada, add, consoleOf, renewed, signIn } = await startWithFactor();
    const boss = await consoleOf(await add('boss', 'membership_admin'));
    const line = `DELETE /v1/organizations/users/${ada.id}/second_factor`;
    const security = async () => (await send(`GET /v1/organizations/users/${ada.id}/security`, { headers: boss })).body;
    expect(await security()).toMatchObject({
      has_password: true,
      second_factor: { is_enabled: true },
      session_count: 1,
    });
    expect((await send(line, { headers: boss })).status).toBe(200);
    expect(await security()).toMatchObject({
      second_factor: { is_enabled: false, enabled_at: null },
      session_count: 0,
    });
    expect((await send('GET /v1/session', { headers: renewed })).body.user).toBeNull();
    expect((await signIn()).status).toBe(200);
    expect((await send(line, { headers: boss })).status).toBe(404);
  });

  it('is stored sealed, and its recovery codes as hashes', async () => {
    const { database, secret, codes } = await startWithFactor();
    const tables = database.tables<DirectoryTables>();
    const stored = JSON.stringify([
      await tables.selectFrom('second_factors').selectAll().execute(),
      await tables.selectFrom('recovery_codes').selectAll().execute(),
    ]);
    for (const one of [secret, ...codes]) expect(stored).not.toContain(one);
    expect(stored).toContain(hashRecoveryCode(codes[0] ?? ''));
  });

  it('changes a password only for whoever knows it, and keeps nobody signed in but them', async () => {
    const { send, headers, consoleOf, ada, signIn } = await start();
    const elsewhere = await consoleOf(ada);
    const change = (current_password: string, new_password: string) =>
      send('POST /v1/me/security/password', { headers, body: { current_password, new_password } });
    expect(codeOf(await change('wrong', 'another long password'))).toBe('password_wrong');
    expect((await change(PASSWORD, 'aaaaaaaaaaaaaa')).status).toBe(400);
    expect((await change(PASSWORD, PASSWORD)).status).toBe(400);
    const changed = await change(PASSWORD, 'another long password');
    expect(changed.status).toBe(200);
    const who = async (sent: object) => (await send('GET /v1/session', { headers: { ...sent } })).body.user;
    expect([await who(headers), await who(elsewhere)]).toEqual([null, null]);
    expect(await who(fromConsole(secretIn(changed.headers)))).toMatchObject({ id: ada.id });
    expect((await signIn()).status).toBe(401);
    expect((await signIn({ password: 'another long password' })).status).toBe(200);
  });
});

describe('the rule', () => {
  it.each<readonly [SecondFactorRule, readonly OrganisationRole[]]>([
    ['optional', []],
    ['owners', ['primary_owner', 'owner']],
    ['admins', ['primary_owner', 'owner', 'membership_admin']],
    ['everybody', ['primary_owner', 'owner', 'membership_admin', 'user', 'managed']],
  ])('“%s” asks %j', (rule, roles) => {
    const all: readonly OrganisationRole[] = ['primary_owner', 'owner', 'membership_admin', 'user', 'managed'];
    expect(all.filter((role) => isSecondFactorRequired(rule, role))).toEqual(roles);
  });
});

it('makes ten recovery codes that differ, without letters that look like digits', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^(?:[A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$/);
});
