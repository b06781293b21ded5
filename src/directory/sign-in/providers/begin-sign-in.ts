import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { Doer } from '../../../kernel/index.ts';
import { hashSecret, newSecret } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import type { FlowPurpose } from '../tables.ts';
import type { OidcClient, ProviderAccess } from './oidc-client.ts';
import { signInProblem } from './problems.ts';
import { aboutClientSecret, type Provider } from './provider.ts';
import { safeReturnTo } from './rules/return-to.ts';
import { flowStore, providerStore } from './store.ts';

/** How long somebody may take at the provider. */
export const FLOW_MS = 10 * 60 * 1000;

/** What sign-ins at providers stand on; `publicUrl` has no slash at its end. */
export type ProviderDeps = DirectoryDeps & { readonly oidc: OidcClient; readonly publicUrl: () => string };

/** Where a provider sends people back to: the one address that is registered with it. */
export const redirectUriOf = (publicUrl: string): string => `${publicUrl}/v1/session/callback`;

/** What somebody wants who is sent to a provider. */
export type Beginning = { readonly purpose: FlowPurpose; readonly returnTo?: string | null | undefined };

/** Where to send the browser, and the secret of the cookie that ties what follows to it. */
export type Begun = { readonly url: URL; readonly browserSecret: string };

/** A provider with its secret opened. */
export const openProvider = ({ secrets }: Pick<DirectoryDeps, 'secrets'>, provider: Provider): ProviderAccess => ({
  provider,
  clientSecret:
    provider.client_secret === null ? null : secrets.open(provider.client_secret, aboutClientSecret(provider.id)),
});

/** Sends somebody to a provider. One that is off can only be tested. */
export const beginSignIn =
  (deps: ProviderDeps) =>
  async (providerId: string, { purpose, returnTo }: Beginning, by: Doer): Promise<Begun> => {
    const { database, record, now, newId } = deps;
    const provider = await providerStore(database).find(providerId);
    if (provider === undefined || (purpose === 'sign_in' && !provider.isOn)) throw signInProblem('sso_off');
    const request = {
      redirectUri: redirectUriOf(deps.publicUrl()),
      state: randomState(),
      nonce: randomNonce(),
      codeVerifier: randomPKCECodeVerifier(),
    };
    const url = await deps.oidc.authorizationUrl(openProvider(deps, provider), request);
    const browserSecret = newSecret();
    await database.transaction(async (sql) => {
      await flowStore(sql).insert({
        id: newId('signInFlow'),
        state_hash: hashSecret(request.state),
        browser_hash: hashSecret(browserSecret),
        provider_id: provider.id,
        purpose,
        nonce: request.nonce,
        code_verifier: request.codeVerifier,
        return_to: safeReturnTo(returnTo),
        expires_at: now() + FLOW_MS,
        result: null,
      });
      if (purpose === 'sign_in') await record(sql, by, { type: 'sso_login_initiated', connection_id: provider.id });
    });
    return { url, browserSecret };
  };
