import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listActivities } from '../../src/activity/contract.ts';
import { type Received, send } from '../support/http.ts';
import { bodyOf } from '../support/messages.ts';
import { ADMIN_KEY, directory, type Remit, startRemit } from '../support/remit.ts';

/** Which addresses may use what; the test's requests come through a proxy on loopback that is trusted. */

const ALLOWED = '203.0.113.7';
const FOREIGN = '198.51.100.9';

let remit: Remit;
let key: string;
beforeAll(async () => {
  remit = await startRemit({ env: { REMIT_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' } });
  await remit.allowAll();
  key = (await remit.newMember()).key;
});
afterAll(() => remit.stop());

type Path = 'console' | 'api' | 'gateway' | 'models' | 'scim';

const ask = (path: Path, from: string): Promise<Received> => {
  const headers = { 'x-forwarded-for': from };
  switch (path) {
    case 'console':
      return send({ url: remit.url, path: '/v1/session', method: 'GET', headers });
    case 'api':
      return send({ url: remit.url, path: '/v1/organizations/me', method: 'GET', key: ADMIN_KEY, headers });
    case 'models':
      return send({ url: remit.url, path: '/v1/models', method: 'GET', key, headers });
    case 'scim':
      return send({ url: remit.url, path: '/scim/v2/Users', method: 'GET', headers });
    default:
      return send({ url: remit.url, key, body: bodyOf({}), headers });
  }
};

const setList = (surfaces: readonly directory.IpAllowList['surfaces'][number][], range = `${ALLOWED}/24`) =>
  remit.callNow(directory.setIpAllowList, {
    body: { entries: [{ range, note: 'office' }], surfaces: [...surfaces], force: true },
  });

const reset = async () => {
  const body = JSON.stringify({ entries: [], surfaces: [], force: true });
  const headers = { 'x-forwarded-for': ALLOWED };
  const done = await send({ url: remit.url, path: '/v1/organizations/ip_allow_list', key: ADMIN_KEY, headers, body });
  expect(done.status).toBe(200);
};
beforeEach(reset);

test.each([
  ['console', ['console'], ['api', 'gateway', 'models', 'scim']],
  ['api', ['api'], ['console', 'gateway', 'models', 'scim']],
  ['gateway', ['gateway', 'models'], ['console', 'api', 'scim']],
  ['scim', ['scim'], ['console', 'api', 'gateway', 'models']],
] as const)('%s is covered by itself', async (surface, covered, open) => {
  await setList([surface]);
  for (const path of covered) {
    const refused = await ask(path, FOREIGN);
    expect([path, refused.status, refused.text]).toEqual([path, 403, expect.stringContaining(FOREIGN)]);
    expect([path, JSON.parse(refused.text)]).toEqual([
      path,
      expect.objectContaining({
        error: expect.objectContaining({
          type: 'permission_error',
          details: { error_code: 'ip_address_not_allowed', ip_address: FOREIGN },
        }),
      }),
    ]);
    expect([path, (await ask(path, ALLOWED)).status]).not.toEqual([path, 403]);
  }
  for (const path of open) expect([path, (await ask(path, FOREIGN)).status]).not.toEqual([path, 403]);
});

test('a key that calls itself the console is still a key', async () => {
  await setList(['api']);
  const headers = { 'x-forwarded-for': FOREIGN, 'remit-console': 'active', cookie: 'remit_session=x' };
  const asked = await send({ url: remit.url, path: '/v1/organizations/me', method: 'GET', key: ADMIN_KEY, headers });
  expect(asked.status).toBe(403);
});

test('no other way to write a path leads past the list', async () => {
  await setList(['console', 'api', 'gateway', 'scim']);
  const paths = [
    '/%761/organizations/me',
    '/v1/%6frganizations/me',
    '/v1%2forganizations/me',
    '//v1/organizations/me',
    '/x/../%761/organizations/me',
    '/%761/session',
    '/%73cim/v2/Users',
    '/scim/%762/Users',
    '/%761/models',
    '/%6dcp/x',
  ];
  for (const path of paths)
    for (const key of [ADMIN_KEY, undefined]) {
      const { status, headers } = await send({
        url: remit.url,
        path,
        method: 'GET',
        headers: { 'x-forwarded-for': FOREIGN, ...(key === undefined ? {} : { 'x-api-key': key }) },
      });
      // Pages of the console hold nothing; where it has not been built, 503 stands in for them.
      const isPage = status === 503 || (status === 200 && headers['content-type']?.startsWith('text/html') === true);
      expect([path, isPage || status === 403 || status === 404, status]).toEqual([path, true, status]);
    }
});

test('what holds no data is open to every address', async () => {
  await setList(['console', 'api', 'gateway', 'scim']);
  for (const path of ['/healthz', '/readyz', '/openapi.json']) {
    const { status } = await send({
      url: remit.url,
      path,
      method: 'GET',
      headers: { 'x-forwarded-for': FOREIGN },
    });
    expect([path, status]).toEqual([path, 200]);
  }
});

test('what a client claims in front of the proxy’s word does not count', async () => {
  await setList(['gateway']);
  expect((await ask('gateway', `${ALLOWED}, ${FOREIGN}`)).status).toBe(403);
  expect((await ask('gateway', `${FOREIGN}, ${ALLOWED}, 10.1.2.3`)).status).toBe(200);
});

test('whoever would lock themselves out is told so, and may insist', async () => {
  const body = { entries: [{ range: ALLOWED, note: '' }], surfaces: ['api'] };
  const change = (more: object, from = FOREIGN) =>
    send({
      url: remit.url,
      path: '/v1/organizations/ip_allow_list',
      key: ADMIN_KEY,
      headers: { 'x-forwarded-for': from },
      body: JSON.stringify({ ...body, ...more }),
    });
  const refused = await change({});
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('would_lock_you_out')]);
  expect((await ask('api', FOREIGN)).status).toBe(200);
  expect((await change({ force: true })).status).toBe(200);
  expect((await ask('api', FOREIGN)).status).toBe(403);
});

test('what is no range is refused by name, and nothing changes', async () => {
  const body = { entries: [{ range: '10.0.0.0/33', note: '' }], surfaces: ['api' as const], force: true };
  await expect(remit.callNow(directory.setIpAllowList, { body })).rejects.toThrow(/10\.0\.0\.0\/33/);
  expect((await remit.call(directory.getIpAllowList)).entries).toEqual([]);
});

test('the feed names what was done to the list, from the address behind the proxy', async () => {
  await setList(['scim']);
  await setList(['scim', 'gateway']);
  await reset();
  const { data } = await remit.call(listActivities, { query: { limit: 20 } });
  const types = data.map(({ type }) => type).filter((type) => type.startsWith('org_ip_restriction'));
  expect(types.slice(0, 3)).toEqual([
    'org_ip_restriction_deleted',
    'org_ip_restriction_updated',
    'org_ip_restriction_created',
  ]);
  const [newest] = data.filter(({ type }) => type === 'org_ip_restriction_deleted');
  expect(newest?.actor).toMatchObject({ ip_address: ALLOWED });
});

test('the answers carry the headers that protect a browser, and invite no other site', async () => {
  for (const path of ['/v1/session', '/', '/v1/nothing', '/healthz']) {
    const { headers } = await send({ url: remit.url, path, method: 'GET', headers: { origin: 'https://else.test' } });
    expect([path, headers]).toEqual([
      path,
      expect.objectContaining({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      }),
    ]);
    expect(headers['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(headers['strict-transport-security']).toBeUndefined();
  }
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-for': ALLOWED };
  const secure = await send({ url: remit.url, path: '/v1/session', method: 'GET', headers });
  expect(secure.headers['strict-transport-security']).toMatch(/^max-age=31536000/);
});
