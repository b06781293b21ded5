import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, send } from '../../support/http.ts';
import { answerWell, beginStream, bodyOf } from '../../support/messages.ts';
import { type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { directory, type Remit, startRemit } from '../../support/remit.ts';
import { newDirectory, type ScimClient, scimClientAt } from '../../support/scim.ts';
import { openUpstreamServer, type TestUpstream } from '../../support/upstreams.ts';
import { waitFor } from '../../support/wait.ts';

/** Deactivation is the point of provisioning: whoever loses access has none within a second, on every node. */

let server: PostgresServer;
let upstream: TestUpstream;
let one: Remit;
let two: Remit;
let scim: ScimClient;
let isHeld = false;
beforeAll(async () => {
  server = await startPostgres();
  upstream = await openUpstreamServer((request, response) =>
    isHeld ? beginStream(response) : answerWell(request, response),
  );
  const databaseUrl = await server.createDatabase();
  const start = (name: string) =>
    startRemit({ upstreamUrl: upstream.url, databaseUrl, env: { REMIT_NODE_NAME: name } });
  [one, two] = [await start('one'), await start('two')];
  await one.allowAll();
  scim = await newDirectory(one);
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await upstream.close();
  await server.stop();
});

const PASSWORD = 'correct horse battery staple';

/** A person of the directory with a key, and a session in the console. */
const newPerson = async (userName: string) => {
  const { id } = await scim.addUser(userName);
  const { key } = await one.call(directory.createApiKey, { body: { name: 'laptop', user_id: id } });
  const { url } = await one.callNow(directory.createSignInLink, { params: { user_id: id } });
  const signedIn = await fetch(`${one.url}/v1/session/link/redeem`, {
    method: 'POST',
    body: JSON.stringify({ token: new URL(url).searchParams.get('token'), password: PASSWORD }),
  });
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  await waitFor('the key on both nodes', async () => (await statusOn(two, key)) === 200, 1000);
  return { id, key, cookie };
};

const statusOn = async (node: Remit, key: string) => (await send({ url: node.url, key, body: bodyOf() })).status;

const sessionOn = async (node: Remit, cookie: string) => {
  const response = await fetch(`${node.url}/v1/session`, { headers: { cookie } });
  return ((await response.json()) as { user: { id: string } | null }).user;
};

const patch = (...operations: readonly object[]) => ({ Operations: operations });

describe('somebody who is deactivated', () => {
  test.each([
    ['by Okta', 'PATCH', patch({ op: 'replace', value: { active: false } })],
    ['by Entra ID', 'PATCH', patch({ op: 'Replace', path: 'active', value: 'False' })],
    ['by a PUT', 'PUT', { active: false }],
    ['by the Keycloak plugin', 'PATCH', patch({ op: 'replace', path: 'active', value: 'false' })],
  ])(
    '%s loses key, session and running stream within a second; a return brings back the key, not the session',
    async (how, method, body) => {
      const userName = `person-${how.replaceAll(' ', '-')}`;
      const { id, key, cookie } = await newPerson(userName);
      expect(await sessionOn(two, cookie)).toMatchObject({ id });
      isHeld = true;
      const streams = await Promise.all(
        [one, two].map(({ url }) => begin({ url, key, body: bodyOf({ stream: true }) })),
      );
      await Promise.all(streams.map((stream) => stream.until('goes on')));
      isHeld = false;

      const startedAt = performance.now();
      const answer = await scim.send(`${method} /Users/${id}`, method === 'PUT' ? { userName, ...body } : body);
      expect(answer).toMatchObject({ status: 200, body: { active: false } });
      expect(await statusOn(one, key)).toBe(401);
      await waitFor('the refusal on the other node', async () => (await statusOn(two, key)) === 401, 1000);
      for (const stream of streams) expect((await stream.whole).text).toContain('event: error');
      for (const node of [one, two]) expect(await sessionOn(node, cookie)).toBeNull();
      expect(performance.now() - startedAt).toBeLessThan(1000);

      const back = await scim.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'active', value: true }));
      expect(back).toMatchObject({ status: 200, body: { id, active: true } });
      expect(await statusOn(one, key)).toBe(200);
      await waitFor('the key on the other node', async () => (await statusOn(two, key)) === 200, 1000);
      for (const node of [one, two]) expect(await sessionOn(node, cookie)).toBeNull();
    },
  );

  test('and deleted for good is gone with their keys; created again, they have their history and no key', async () => {
    const { id, key } = await newPerson('deleted');
    await scim.send(`PATCH /Users/${id}`, patch({ op: 'replace', path: 'active', value: false }));
    expect((await scim.send(`DELETE /Users/${id}`)).status).toBe(204);
    expect(await statusOn(one, key)).toBe(401);
    const again = await scim.addUser('deleted');
    expect(again.id).toBe(id);
    expect(await statusOn(one, key)).toBe(401);
  });
});

test('an address that changes leaves the member who they are, with their role and their key', async () => {
  const { id, key } = await newPerson('married@example.com');
  await scim.send(`PUT /Users/${id}`, { userName: 'newname@example.com', displayName: 'New Name' });
  expect(await one.call(directory.getUser, { params: { user_id: id } })).toMatchObject({
    id,
    email: 'newname@example.com',
    name: 'New Name',
    role: 'user',
  });
  expect(await statusOn(one, key)).toBe(200);
});

test('whom an administrator has suspended by hand, the identity provider does not let in again', async () => {
  const { id, key } = await newPerson('suspended-by-hand');
  await one.call(directory.suspendUser, { params: { user_id: id } });
  await scim.send(`PUT /Users/${id}`, { userName: 'suspended-by-hand', title: 'x', active: true });
  expect(await statusOn(one, key)).toBe(401);
});

test('whom the directory has put here is removed there, not by hand', async () => {
  const { id } = await scim.addUser('by-hand');
  await expect(one.callNow(directory.removeUser, { params: { user_id: id } })).rejects.toMatchObject({
    status: 400,
    details: { error_code: 'provisioned_member' },
  });
  expect((await scim.send(`GET /Users/${id}`)).status).toBe(200);
});

describe('a token', () => {
  test('that is rotated counts until its end, the new one at once; a revoked one ends at once', async () => {
    const own = await newDirectory(one);
    const params = { directory_id: own.id };
    const rotated = await one.callNow(directory.rotateDirectoryToken, { params, body: { overlap_hours: 24 } });
    const fresh = scimClientAt(two.url, { id: own.id, token: rotated.token });
    const works = async (client: ScimClient) => (await client.send('GET /Users?count=0')).status;
    expect([await works(own), await works(fresh)]).toEqual([200, 200]);
    const { data } = await one.call(directory.listDirectoryTokens, { params });
    expect(data.map(({ status }) => status)).toEqual(['active', 'ending']);
    await one.callNow(directory.revokeDirectoryToken, { params: { ...params, token_id: data[1]?.id ?? '' } });
    expect([await works(own), await works(fresh)]).toEqual([401, 200]);
    const last = await one.callNow(directory.rotateDirectoryToken, { params, body: { overlap_hours: 0.0001 } });
    await waitFor('the end of the earlier token', async () => (await works(fresh)) === 401);
    expect([await works(fresh), await works({ ...scimClientAt(one.url, { id: own.id, token: last.token }) })]).toEqual([
      401, 200,
    ]);
  });
});
