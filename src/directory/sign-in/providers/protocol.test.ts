import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import { startIdentityProvider, type TestIdentityProvider } from '../../../../tests/support/identity-provider.ts';
import { BY_OWNER } from '../../testing/open-directory.ts';
import type { SignInProblem } from './contract.ts';
import { changeProvider, deleteProvider } from './manage-provider.ts';
import { createOidcClient } from './oidc-client.ts';
import { providerSignOutUrl } from './provider-sign-out-url.ts';
import { identityStore } from './store.ts';
import { type Changes, CLIENT_FACTS, openProviderStage, outcomeOf, PUBLIC_URL } from './testing/open-provider-stage.ts';
import { readTest } from './try-connection.ts';

const MINUTE_MS = 60_000;

let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider(`${PUBLIC_URL}/v1/session/callback`);
});
afterAll(() => idp.close());
beforeEach(() => {
  idp.choose('viewer');
  idp.codeSeconds(60);
});

forEachDatabase((_engine, open) => {
  const start = async (changes: Changes = {}) => openProviderStage(await open(), idp, changes);

  it.each<readonly [what: string, tamper: (url: URL) => void]>([
    ['another nonce', (url) => url.searchParams.set('nonce', 'another')],
    ['another code challenge', (url) => url.searchParams.set('code_challenge', 'A'.repeat(43))],
  ])('refuses an answer to a request with %s', async (_what, tamper) => {
    const { begin, finish, memberOf } = await start();
    const { to, cookie } = await begin();
    const url = new URL(to);
    tamper(url);
    const got = await finish(await idp.walk(url.href), cookie);
    expect([got.problem, got.session]).toEqual(['sso_answer_invalid', undefined]);
    expect(await memberOf('viewer@example.com')).toBeUndefined();
  });

  it.each<readonly [what: string, tamper: (url: URL) => void, problem: SignInProblem]>([
    ['a state nobody gave out', (url) => url.searchParams.set('state', 'x'.repeat(43)), 'sso_expired'],
    ['no state', (url) => url.searchParams.delete('state'), 'sso_expired'],
    ['another issuer', (url) => url.searchParams.set('iss', 'https://elsewhere.example'), 'sso_answer_invalid'],
    ['no issuer, from a provider that names itself', (url) => url.searchParams.delete('iss'), 'sso_answer_invalid'],
    ['another code', (url) => url.searchParams.set('code', 'nonsense'), 'sso_answer_invalid'],
    ['two codes', (url) => url.searchParams.append('code', 'nonsense'), 'sso_answer_invalid'],
    ['no code', (url) => url.searchParams.delete('code'), 'sso_answer_invalid'],
    ['an error of the provider', (url) => url.searchParams.set('error', 'access_denied'), 'sso_refused'],
  ])('refuses a callback with %s', async (_what, tamper, problem) => {
    const { begin, finish, memberOf } = await start();
    const { to, cookie } = await begin();
    const url = await idp.walk(to);
    tamper(url);
    const got = await finish(url, cookie);
    expect([got.problem, got.session]).toEqual([problem, undefined]);
    expect(await memberOf('viewer@example.com')).toBeUndefined();
  });

  it('takes each callback once, in the browser it began in, within ten minutes', async () => {
    const { begin, finish, clock } = await start();
    const one = await begin();
    const url = await idp.walk(one.to);
    expect((await finish(url, one.cookie)).session).toBeDefined();
    expect((await finish(url, one.cookie)).problem).toBe('sso_expired');
    const two = await begin();
    const stolen = await idp.walk(two.to);
    expect((await finish(stolen, one.cookie)).problem).toBe('sso_expired');
    expect((await finish(stolen, two.cookie)).problem).toBe('sso_expired');
    const three = await begin();
    const late = await idp.walk(three.to);
    clock.ms += 10 * MINUTE_MS;
    expect((await finish(late, three.cookie)).problem).toBe('sso_expired');
  });

  it('lets one of two win who bring the same callback at the same moment', async () => {
    const { begin, finish } = await start();
    const { to, cookie } = await begin();
    const url = await idp.walk(to);
    const both = await Promise.all([finish(url, cookie), finish(url, cookie)]);
    expect(both.filter(({ session }) => session !== undefined)).toHaveLength(1);
  });

  it('makes one member of two first sign-ins at the same moment', async () => {
    const { begin, finish, who, database } = await start();
    const [one, two] = [await begin(), await begin()];
    const urls = [await idp.walk(one.to), await idp.walk(two.to)] as const;
    const both = await Promise.all([finish(urls[0], one.cookie), finish(urls[1], two.cookie)]);
    const members = await Promise.all(both.map(who));
    expect(members[0]).toEqual(members[1]);
    expect(await identityStore(database).listOf(members[0]?.id ?? '')).toHaveLength(1);
  });

  it('takes keys that were changed a moment ago', async () => {
    const { signIn } = await start();
    expect((await signIn('viewer')).session).toBeDefined();
    idp.rotateKeys();
    expect((await signIn('viewer')).session).toBeDefined();
  });

  it('says so when the provider is slow or away, and leads nobody anywhere', async () => {
    const { begin, deps, provider } = await start();
    idp.slowDown(2000);
    expect(await begin()).toMatchObject({ problem: 'sso_unreachable', session: undefined });
    idp.slowDown(0);
    await changeProvider(deps)(provider.id, { issuer: 'http://127.0.0.1:9' }, BY_OWNER);
    expect(await begin()).toMatchObject({ problem: 'sso_unreachable', session: undefined });
  });

  it('limits how often sign-ins are begun from one place', async () => {
    const { begin, types } = await start();
    const begun = [];
    for (let i = 0; i < 34; i++) begun.push((await begin()).problem);
    expect(begun.filter((problem) => problem === 'sso_too_many')).toHaveLength(4);
    expect((await types()).filter((type) => type.startsWith('sso_login'))).toHaveLength(30);
  });

  it('tests the connection without signing anybody in, also while it is off', async () => {
    const { pages, provider, deps, consoleOf, add, finish, withPages, memberOf } = await start();
    await changeProvider(deps)(provider.id, { is_on: false }, BY_OWNER);
    const { cookie } = await consoleOf(await add('boss', 'owner'));
    const test = async (headers: Record<string, string>) => {
      const url = `${PUBLIC_URL}/v1/session/providers/${provider.id}/test`;
      return pages.test(new Request(url, { headers }), provider.id, CLIENT_FACTS);
    };
    expect((await test({})).headers.get('location')).toBe('/sign-in?next=/identity');
    const begun = await test({ cookie });
    const flowCookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const finished = await finish(await idp.walk(begun.headers.get('location') ?? ''), flowCookie);
    expect(finished.session).toBeUndefined();
    const id = new URL(finished.to, PUBLIC_URL).searchParams.get('test') ?? '';
    expect(await readTest(withPages)(provider.id, id)).toMatchObject({
      is_success: true,
      outcome: 'A new member viewer@example.com would be made and signed in.',
      claims: { email: 'viewer@example.com', groups: ['Viewers'] },
      groups: { kind: 'all', groups: ['Viewers'] },
      role: 'user',
    });
    expect(await memberOf('viewer@example.com')).toBeUndefined();
  });

  it('signs out at the provider too, and ends its sessions when it is switched off', async () => {
    const { signIn, who, deps, provider, pages } = await start();
    const session = await signIn('viewer');
    const { database } = deps;
    const [row] = await database
      .tables<{ sessions: { id: string; id_token: string } }>()
      .selectFrom('sessions')
      .selectAll()
      .execute();
    const oidc = createOidcClient([idp.issuer], 1);
    const url = await providerSignOutUrl({ ...deps, oidc, publicUrl: () => PUBLIC_URL }, row?.id ?? '');
    expect(url).toMatch(new RegExp(`^${idp.issuer}/session/end\\?.*id_token_hint=`));
    expect(row?.id_token).toMatch(/^v1\./);
    await changeProvider(deps)(provider.id, { is_on: false }, BY_OWNER);
    expect(await who(session)).toBeNull();
    const begun = await pages.begin(new Request(PUBLIC_URL), provider.id, CLIENT_FACTS);
    expect(outcomeOf(begun).problem).toBe('sso_off');
    await deleteProvider(deps)(provider.id, BY_OWNER);
  });

  it('refuses a code that has expired', async () => {
    const { begin, finish } = await start();
    idp.codeSeconds(1);
    const { to, cookie } = await begin();
    const url = await idp.walk(to);
    await sleep(2100);
    expect((await finish(url, cookie)).problem).toBe('sso_answer_invalid');
  });
});
