import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Configuration, type JWK, Provider } from 'oidc-provider';

/** Somebody with an account at the provider. */
export type Account = { readonly email?: string; readonly email_verified?: boolean; readonly [claim: string]: unknown };

const many = (count: number) => Array.from({ length: count }, (_, at) => `group ${at}`);

const person = (name: string, more: Account = {}): Account => ({
  name: name[0]?.toUpperCase() + name.slice(1),
  email: `${name}@example.com`,
  email_verified: true,
  ...more,
});

/** The accounts of every provider here, by their name, which is their `sub`. */
export const ACCOUNTS: Readonly<Record<string, Account>> = {
  admin: person('admin', { groups: ['Remit Admins', 'Everybody'] }),
  viewer: person('viewer', { groups: ['Viewers'] }),
  nobody: person('nobody', { groups: [] }),
  groupless: person('groupless'),
  unverified: person('unverified', { email_verified: false, groups: ['Viewers'] }),
  stranger: person('stranger', { email: 'stranger@elsewhere.example', groups: ['Viewers'] }),
  busy: person('busy', { groups: many(250) }),
  cut: person('cut', { groups: many(100) }),
  overage: person('overage', { _claim_names: { groups: 'src1' } }),
  // The same address as somebody else's, under another subject.
  impostor: person('impostor', { email: 'admin@example.com', groups: ['Remit Admins'] }),
};

export const CLIENT = { id: 'remit', secret: 'a client secret of the tests' } as const;

/** A real OpenID Connect provider on loopback. Whoever comes is signed in as the account that was chosen last. */
export type TestIdentityProvider = {
  readonly issuer: string;
  choose(account: string): void;
  /** Also sends back to this address. */
  sendBackTo(redirectUri: string): void;
  /** From now on tokens are signed with another key. */
  rotateKeys(): void;
  /** How long codes are good for. */
  codeSeconds(seconds: number): void;
  /** Makes every answer wait. */
  slowDown(ms: number): void;
  /** Tells this address when a session here ends (Back-Channel Logout 1.0); null leaves the session's name out of tokens. */
  tellSignOuts(uri: string, isNamed?: boolean): void;
  /** Signs the browser that walked last out here, as its person does on the provider's own page. */
  signOut(): Promise<void>;
  /** Walks through its pages as a browser does, from an authorization address to where it sends back. */
  walk(authorizationUrl: string): Promise<URL>;
  close(): Promise<void>;
};

const newKey = (): JWK => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), kid: randomUUID(), use: 'sig', alg: 'RS256' };
};

type State = {
  account: string;
  codeSeconds: number;
  delayMs: number;
  key: JWK;
  signOuts: { readonly uri: string; readonly isNamed: boolean } | null;
  /** The cookies of the browser that walked last. */
  jar: Map<string, string>;
};

const CLAIMS = ['name', 'email', 'email_verified', 'groups', '_claim_names', 'tid', 'oid', 'preferred_username'];

const codeLifetime =
  (state: State): (() => number) =>
  () =>
    state.codeSeconds;

const configuration = (state: State, redirectUris: readonly string[]): Configuration => ({
  clients: [
    {
      client_id: CLIENT.id,
      client_secret: CLIENT.secret,
      redirect_uris: [...redirectUris],
      post_logout_redirect_uris: redirectUris.map((uri) => new URL('/sign-in', uri).href),
      ...(state.signOuts === null
        ? {}
        : {
            backchannel_logout_uri: state.signOuts.uri,
            backchannel_logout_session_required: state.signOuts.isNamed,
          }),
    },
  ],
  jwks: { keys: [state.key] },
  cookies: { keys: ['a cookie key of the tests'] },
  claims: { openid: ['sub', ...CLAIMS] },
  conformIdTokenClaims: false,
  findAccount: (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...ACCOUNTS[id] }) }),
  loadExistingGrant: async ({ oidc }) => {
    const { session, client, provider } = oidc;
    const ids = { accountId: session?.accountId ?? '', clientId: client?.clientId ?? '' };
    const grant = new provider.Grant(ids);
    grant.addOIDCScope('openid email profile');
    await grant.save();
    return grant;
  },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: true },
    backchannelLogout: { enabled: true },
  },
  // The provider's own dispatcher refuses to go to loopback, where everything is in the tests.
  fetch: (url, options) => fetch(url, { ...options, dispatcher: undefined } as RequestInit),
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  ttl: { AuthorizationCode: codeLifetime(state) },
});

const cookiesOf = (jar: Map<string, string>): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

/** Asks as a browser with these cookies, and keeps what is set. */
const ask = async (jar: Map<string, string>, at: URL, form?: URLSearchParams): Promise<Response> => {
  const sent = form === undefined ? {} : { method: 'POST', body: form };
  const response = await fetch(at, { ...sent, redirect: 'manual', headers: { cookie: cookiesOf(jar) } });
  for (const cookie of response.headers.getSetCookie()) {
    const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
    jar.set(name, value);
  }
  return response;
};

const signOutFrom = async (issuer: string, jar: Map<string, string>): Promise<void> => {
  const page = await (await ask(jar, new URL('/session/end', issuer))).text();
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const done = await ask(jar, new URL('/session/end/confirm', issuer), new URLSearchParams({ xsrf, logout: 'yes' }));
  if (done.status >= 400) throw new Error(`The provider answered ${done.status}: ${await done.text()}`);
};

const walkFrom = async (issuer: string, start: string, jar: Map<string, string>): Promise<URL> => {
  let at = new URL(start);
  for (let step = 0; step < 10; step++) {
    const response = await ask(jar, at);
    const location = response.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${response.status}: ${await response.text()}`);
    at = new URL(location, at);
    if (at.origin !== issuer) return at;
  }
  throw new Error('The provider leads in a circle');
};

/** Starts a provider that sends back to these addresses. */
export const startIdentityProvider = async (...redirectUris: readonly string[]): Promise<TestIdentityProvider> => {
  const state: State = {
    ...{ account: 'viewer', codeSeconds: 60, delayMs: 0, key: newKey() },
    ...{ signOuts: null, jar: new Map() },
  };
  const uris = [...redirectUris];
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const open = () => new Provider(issuer, configuration(state, uris));
  let provider = open();
  server.on('request', async (request, response) => {
    if (state.delayMs > 0) await sleep(state.delayMs);
    if (request.url?.startsWith('/interaction/') === true)
      return provider.interactionFinished(request, response, { login: { accountId: state.account } });
    return provider.callback()(request, response);
  });
  return {
    issuer,
    choose: (account) => {
      state.account = account;
    },
    sendBackTo: (redirectUri) => {
      uris.push(redirectUri);
      provider = open();
    },
    rotateKeys: () => {
      state.key = newKey();
      provider = open();
    },
    codeSeconds: (seconds) => {
      state.codeSeconds = seconds;
    },
    slowDown: (ms) => {
      state.delayMs = ms;
    },
    tellSignOuts: (uri, isNamed = true) => {
      state.signOuts = { uri, isNamed };
      provider = open();
    },
    signOut: () => signOutFrom(issuer, state.jar),
    walk: (start) => {
      state.jar = new Map();
      return walkFrom(issuer, start, state.jar);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

/** Signs the chosen account in at a running Remit through one of its providers; the session's cookie. */
export const signInThrough = async (
  idp: TestIdentityProvider,
  remitUrl: string,
  providerId: string,
): Promise<string> => {
  const begun = await fetch(`${remitUrl}/v1/session/providers/${providerId}/begin`, { redirect: 'manual' });
  const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const back = await idp.walk(begun.headers.get('location') ?? '');
  // Sent back to the address that is registered, which here may be another node's.
  const callback = new URL(back.pathname + back.search, remitUrl);
  const entered = await fetch(callback, { redirect: 'manual', headers: { cookie } });
  const session = entered.headers.getSetCookie().find((one) => one.startsWith('remit_session='));
  if (session === undefined) throw new Error(`Nobody was signed in: ${entered.headers.get('location')}`);
  return session.split(';')[0] ?? '';
};
