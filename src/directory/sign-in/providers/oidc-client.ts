import * as oidc from 'openid-client';
import { createGuardedFetch } from '../../../platform/index.ts';
import { signInProblem } from './problems.ts';
import type { Provider } from './provider.ts';
import { readLogoutToken } from './read-logout-token.ts';
import { type Claims, claimAt } from './rules/read-claims.ts';

/** What a sign-in that is sent to the provider is made of. */
export type AuthorizationRequest = {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
};

/** A finished sign-in at the provider: everything it said, and its ID token as it came. */
export type Authorized = { readonly claims: Claims; readonly idToken: string | null };

/** Speaks OpenID Connect with providers. Whatever fails is a sign-in problem, its cause for the log. */
export type OidcClient = {
  readonly authorizationUrl: (at: ProviderAccess, request: AuthorizationRequest) => Promise<URL>;
  /** `answer`: the query the browser brought back. */
  readonly exchange: (at: ProviderAccess, request: AuthorizationRequest, answer: string) => Promise<Authorized>;
  /** Where to sign out at the provider too; undefined where it offers no such page. */
  readonly signOutUrl: (at: ProviderAccess, idToken: string, returnTo: string) => Promise<URL | undefined>;
  /** The claims of a `logout_token` (OpenID Connect Back-Channel Logout 1.0 §2.6). */
  readonly readLogoutToken: (at: ProviderAccess, token: string) => Promise<Claims>;
};

/** A provider with its secret opened. */
export type ProviderAccess = { readonly provider: Provider; readonly clientSecret: string | null };

const TIMEOUT_SECONDS = 10;
const CLOCK_TOLERANCE_SECONDS = 60;

/** Authenticates as the provider asks: Basic where it is all the provider takes, else in the body. */
const authentication =
  (secret: string | null): oidc.ClientAuth =>
  (server, client, body, headers) => {
    if (secret === null) return oidc.None()(server, client, body, headers);
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const isPost = methods.includes('client_secret_post');
    return (isPost ? oidc.ClientSecretPost : oidc.ClientSecretBasic)(secret)(server, client, body, headers);
  };

/**
 * A client that keeps nothing between sign-ins: the provider's document and its keys are read anew each time, so that
 * changed keys count at once. ID tokens are checked by signature although they come over TLS.
 */
export const createOidcClient = (allowed: readonly string[], timeoutSeconds = TIMEOUT_SECONDS): OidcClient => {
  const fetch = createGuardedFetch(allowed);
  const exempt = new Set(allowed.map((one) => URL.parse(one)?.origin));
  const connect = connectBy({ fetch, exempt, timeoutSeconds });
  return {
    authorizationUrl: async (at, request) => {
      const config = await connect(at);
      return oidc.buildAuthorizationUrl(config, {
        redirect_uri: request.redirectUri,
        scope: [...new Set(['openid', ...at.provider.settings.scopes])].join(' '),
        state: request.state,
        nonce: request.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(request.codeVerifier),
        code_challenge_method: 'S256',
      });
    },
    exchange: async (at, request, answer) => {
      const config = await connect(at);
      return exchange(config, at, request, answer).catch(explainExchange);
    },
    signOutUrl: async (at, idToken, returnTo) => {
      const config = await connect(at);
      if (config.serverMetadata().end_session_endpoint === undefined) return undefined;
      return oidc.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: returnTo });
    },
    readLogoutToken: async (at, token) => {
      const { issuer, jwks_uri } = (await connect(at)).serverMetadata();
      if (jwks_uri === undefined) throw signInProblem('sso_answer_invalid', 'the provider names no keys');
      return readLogoutToken(token, {
        issuer,
        clientId: at.provider.client_id,
        keys: await fetchJson(fetch, jwks_uri),
      });
    },
  };
};

type Connect = (at: ProviderAccess) => Promise<oidc.Configuration>;

type ConnectOptions = {
  readonly fetch: typeof globalThis.fetch;
  readonly exempt: ReadonlySet<string | undefined>;
  readonly timeoutSeconds: number;
};

const connectBy =
  ({ fetch, exempt, timeoutSeconds }: ConnectOptions): Connect =>
  async ({ provider, clientSecret }) => {
    const server = new URL(provider.issuer);
    const isInsecure = server.protocol === 'http:' && exempt.has(server.origin);
    const metadata = { [oidc.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    return oidc
      .discovery(server, provider.client_id, metadata, authentication(clientSecret), {
        [oidc.customFetch]: (url, init) => fetch(url, init as RequestInit),
        timeout: timeoutSeconds,
        execute: [oidc.enableNonRepudiationChecks, ...(isInsecure ? [oidc.allowInsecureRequests] : [])],
      })
      .catch((cause: unknown) => {
        throw signInProblem('sso_unreachable', cause);
      });
  };

const exchange = async (
  config: oidc.Configuration,
  { provider }: ProviderAccess,
  request: AuthorizationRequest,
  answer: string,
): Promise<Authorized> => {
  // The address that was registered, never the one a proxy or a client claims this is.
  const current = new URL(request.redirectUri);
  current.search = answer;
  const tokens = await oidc.authorizationCodeGrant(config, current, {
    expectedState: request.state,
    expectedNonce: request.nonce,
    pkceCodeVerifier: request.codeVerifier,
    idTokenExpected: true,
  });
  const stated = tokens.claims();
  if (stated === undefined) throw signInProblem('sso_answer_invalid', 'no ID token');
  const lacks = (path: string) => claimAt(stated, path) === undefined;
  const isAsked = config.serverMetadata().userinfo_endpoint !== undefined;
  const isShort = lacks('email') || lacks(provider.settings.groupsClaim);
  const more = isAsked && isShort ? await oidc.fetchUserInfo(config, tokens.access_token, stated.sub) : {};
  return { claims: { ...more, ...stated }, idToken: tokens.id_token ?? null };
};

const isNetwork = (thrown: unknown): boolean =>
  thrown instanceof TypeError || (thrown instanceof Error && /timeout|abort/i.test(`${thrown.name} ${thrown.message}`));

const explainExchange = (thrown: unknown): never => {
  if (thrown instanceof oidc.AuthorizationResponseError) throw signInProblem('sso_refused', thrown);
  // A code that was used, has expired or was given to somebody else is refused by the provider itself.
  if (thrown instanceof oidc.ResponseBodyError) throw signInProblem('sso_answer_invalid', thrown);
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  throw signInProblem(isNetwork(thrown) || isNetwork(cause) ? 'sso_unreachable' : 'sso_answer_invalid', thrown);
};

const fetchJson = async (fetch: typeof globalThis.fetch, url: string): Promise<unknown> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000) });
  if (!response.ok) throw signInProblem('sso_unreachable', `${url} answered ${response.status}`);
  return response.json();
};
