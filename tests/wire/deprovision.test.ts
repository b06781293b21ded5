import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import {
  CLIENT,
  signInThrough,
  startIdentityProvider,
  type TestIdentityProvider,
} from '../support/identity-provider.ts';
import { bodyOf } from '../support/messages.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { directory, type Remit, startRemit } from '../support/remit.ts';
import { newDirectory, type ScimClient } from '../support/scim.ts';
import { waitFor } from '../support/wait.ts';

/** Somebody who comes from a provider and is deactivated in its directory: two nodes, one second. */

let server: PostgresServer;
let idp: TestIdentityProvider;
let one: Remit;
let two: Remit;
let scim: ScimClient;
let providerId: string;
beforeAll(async () => {
  server = await startPostgres();
  idp = await startIdentityProvider();
  const databaseUrl = await server.createDatabase();
  const start = (name: string) =>
    startRemit({ databaseUrl, env: { REMIT_NODE_NAME: name, REMIT_PRIVATE_IDENTITY_PROVIDERS: idp.issuer } });
  one = await start('one');
  two = await start('two');
  for (const { url } of [one, two]) idp.sendBackTo(`${url}/v1/session/callback`);
  await one.allowAll();
  scim = await newDirectory(one, { name: 'corporate' });
  const provider = await one.callNow(directory.createIdentityProvider, {
    body: {
      ...{ name: 'Corporate', issuer: idp.issuer, client_id: CLIENT.id, client_secret: CLIENT.secret, is_on: true },
      ...{ provisioning: 'scim', link_by: 'scim_user_name', link_claim: 'email', directory_id: scim.id },
    },
  });
  providerId = provider.id;
});
afterAll(async () => {
  await one.stop();
  await two.stop();
  await idp.close();
  await server.stop();
});

const consoleStatus = async ({ url }: Remit, cookie: string) =>
  (await fetch(`${url}/v1/me/api_keys`, { headers: { cookie } })).status;

const keyStatus = async ({ url }: Remit, key: string) => (await send({ url, key, body: bodyOf({}) })).status;

const newKey = async ({ url }: Remit, cookie: string): Promise<string> => {
  const response = await fetch(`${url}/v1/me/api_keys`, {
    method: 'POST',
    headers: { cookie, origin: url, 'remit-console': 'active', 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'laptop' }),
  });
  const { key } = (await response.json()) as { key: string };
  return key;
};

test('a stranger to the directory is not let in, and told why', async () => {
  idp.choose('viewer');
  await expect(signInThrough(idp, one.url, providerId)).rejects.toThrow(/problem=sso_not_provisioned/);
});

test('deactivated, they are out of the console and their key is refused on both nodes within a second; restored, no session comes back', async () => {
  idp.choose('viewer');
  const { id } = await scim.addUser('viewer@example.com');
  const cookie = await signInThrough(idp, one.url, providerId);
  const key = await newKey(one, cookie);
  for (const node of [one, two]) {
    expect(await consoleStatus(node, cookie)).toBe(200);
    await waitFor('the key', async () => (await keyStatus(node, key)) === 200, 1000);
  }

  const operations = [{ op: 'Replace', path: 'active', value: 'False' }];
  await scim.send(`PATCH /Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: operations,
  });
  for (const node of [one, two]) {
    expect(await consoleStatus(node, cookie)).toBe(401);
    await waitFor('the refusal', async () => (await keyStatus(node, key)) === 401, 1000);
  }
  await expect(signInThrough(idp, one.url, providerId)).rejects.toThrow(/problem=sso_suspended/);

  await scim.send(`PATCH /Users/${id}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'Replace', path: 'active', value: 'True' }],
  });
  for (const node of [one, two]) {
    await waitFor('the key again', async () => (await keyStatus(node, key)) === 200, 1000);
    expect(await consoleStatus(node, cookie)).toBe(401);
  }
  expect(await consoleStatus(two, await signInThrough(idp, two.url, providerId))).toBe(200);
});
