import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CLIENT,
  signInThrough,
  startIdentityProvider,
  type TestIdentityProvider,
} from '../support/identity-provider.ts';
import { directory, type Remit, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** Somebody signs out at the identity provider itself, which tells Remit (Back-Channel Logout 1.0). */

let idp: TestIdentityProvider;
let remit: Remit;
let providerId: string;
let logoutUri: string;
beforeAll(async () => {
  idp = await startIdentityProvider();
  remit = await startRemit({ env: { REMIT_PRIVATE_IDENTITY_PROVIDERS: idp.issuer } });
  idp.sendBackTo(`${remit.url}/v1/session/callback`);
  const provider = await remit.callNow(directory.createIdentityProvider, {
    body: {
      ...{ name: 'Corporate', issuer: idp.issuer, client_id: CLIENT.id, client_secret: CLIENT.secret, is_on: true },
      ...{ provisioning: 'jit', domains: [{ domain: 'example.com', is_enforced: false }] },
    },
  });
  providerId = provider.id;
  logoutUri = provider.backchannel_logout_uri;
});
afterAll(async () => {
  await remit.stop();
  await idp.close();
});

const status = async (cookie: string) => (await fetch(`${remit.url}/v1/me/api_keys`, { headers: { cookie } })).status;

const signIn = (account: string): Promise<string> => {
  idp.choose(account);
  return signInThrough(idp, remit.url, providerId);
};

test('the session that began there ends here at once, and no other of the same person', async () => {
  idp.tellSignOuts(logoutUri);
  const [elsewhere, admin] = [await signIn('viewer'), await signIn('admin')];
  const here = await signIn('viewer');
  expect(await Promise.all([elsewhere, admin, here].map(status))).toEqual([200, 200, 200]);
  await idp.signOut();
  await waitFor('the end of the session', async () => (await status(here)) === 401);
  expect(await Promise.all([elsewhere, admin].map(status))).toEqual([200, 200]);
  expect(await status(await signIn('viewer'))).toBe(200);
});

test('a provider that does not name its sessions ends all of the person’s, and nobody else’s', async () => {
  idp.tellSignOuts(logoutUri, false);
  const [elsewhere, admin] = [await signIn('viewer'), await signIn('admin')];
  const here = await signIn('viewer');
  await idp.signOut();
  await waitFor('the end of both', async () => (await status(here)) === 401 && (await status(elsewhere)) === 401);
  expect(await status(admin)).toBe(200);
});

test('what is no logout token of the provider ends nothing', async () => {
  idp.tellSignOuts(logoutUri);
  const here = await signIn('viewer');
  const post = (form: Record<string, string>) =>
    fetch(logoutUri, { method: 'POST', body: new URLSearchParams(form) }).then((answer) => answer.status);
  const unsigned = ['{"alg":"none"}', `{"iss":"${idp.issuer}","sub":"viewer"}`]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  expect([await post({}), await post({ logout_token: 'x' }), await post({ logout_token: `${unsigned}.` })]).toEqual([
    400, 400, 400,
  ]);
  expect(await status(here)).toBe(200);
});
