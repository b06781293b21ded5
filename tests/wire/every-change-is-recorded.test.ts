import { afterAll, beforeAll, expect, it } from 'vitest';
import { listActivities } from '../../src/activity/contract.ts';
import { ENDPOINTS } from '../../src/main/contract.ts';
import type { AnyEndpoint } from '../../src/platform/contract.ts';
import { CHANGES, type Change } from '../support/changes.ts';
import { startIdentityProvider, type TestIdentityProvider } from '../support/identity-provider.ts';
import { ADMIN_KEY, type Remit, startRemit } from '../support/remit.ts';
import { signInsGoThrough } from '../support/sign-in-changes.ts';

const changing = ENDPOINTS.filter(({ method, records }) => method !== 'GET' && records?.length !== 0);

let remit: Remit;
let idp: TestIdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider();
  signInsGoThrough(idp);
  remit = await startRemit({ env: { REMIT_PRIVATE_IDENTITY_PROVIDERS: idp.issuer } });
});
afterAll(async () => {
  await remit.stop();
  await idp.close();
});

const send = ({ method, path, beta }: AnyEndpoint, change: Change): Promise<Response> => {
  const { params = {}, body, key = ADMIN_KEY, cookie } = change;
  const filled = path.replace(/:(\w+)/g, (_: string, name: string) => encodeURIComponent(params[name] ?? 'missing'));
  return fetch(remit.url + filled, {
    method,
    headers: {
      'user-agent': 'the walk',
      ...(key === null ? {} : { 'x-api-key': key }),
      ...(beta === undefined ? {} : { 'anthropic-beta': beta }),
      ...(cookie === undefined ? {} : { cookie, origin: remit.url, 'remit-console': 'active' }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
};

it('there is a call for every endpoint that changes something', () => {
  expect(Object.keys(CHANGES).sort()).toEqual(changing.map(({ method, path }) => `${method} ${path}`).sort());
});

it.each(changing.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
  '%s leaves what it did in the feed, with its cause',
  async (name, endpoint) => {
    const { records } = endpoint;
    const response = await send(endpoint, (await CHANGES[name]?.(remit)) ?? {});
    expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, '']);
    const requestId = response.headers.get('request-id') ?? '';
    const { data } = await remit.call(listActivities, { query: { request_id: requestId } });
    expect(data.length).toBeGreaterThan(0);
    for (const { type, actor } of data) {
      expect(records).toContain(type);
      expect(actor).toMatchObject({ ip_address: '127.0.0.1', user_agent: 'the walk' });
    }
  },
);
