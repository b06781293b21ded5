import { timingSafeEqual } from 'node:crypto';
import { hashSecret, newSecret } from '../../../platform/index.ts';
import { openProvider, type ProviderDeps, redirectUriOf } from './begin-sign-in.ts';
import type { Authorized } from './oidc-client.ts';
import { signInProblem } from './problems.ts';
import type { Provider } from './provider.ts';
import { flowStore, providerStore, type StoredFlow } from './store.ts';

/** What a browser brings back from a provider: the query of the callback, and the cookie it was sent off with. */
export type BroughtBack = { readonly query: string; readonly browserSecret: string | undefined };

const isSame = (a: string, b: string): boolean => {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/**
 * Takes the flow that a browser comes back to. It is spent by that, whatever comes of it; a state that nobody gave out,
 * that was used, has expired or began in another browser is one problem to whoever asks.
 */
export const takeFlow =
  ({ database, now }: Pick<ProviderDeps, 'database' | 'now'>) =>
  async ({ query, browserSecret }: BroughtBack): Promise<StoredFlow> => {
    const state = new URLSearchParams(query).get('state');
    if (state === null || browserSecret === undefined) throw signInProblem('sso_expired', 'no state, or no cookie');
    const flow = await flowStore(database).take(hashSecret(state), hashSecret(newSecret()));
    if (flow === undefined) throw signInProblem('sso_expired', 'the state is not known, or has been used');
    if (flow.expires_at <= now()) throw signInProblem('sso_expired', 'the flow has expired');
    if (!isSame(flow.browser_hash, hashSecret(browserSecret)))
      throw signInProblem('sso_expired', 'the flow began in another browser');
    return flow;
  };

/** Redeems the code of a flow at its provider: who somebody is there, in checked claims. */
export const redeemCode =
  (deps: ProviderDeps) =>
  async (flow: StoredFlow, query: string): Promise<Authorized & { readonly provider: Provider }> => {
    const provider = await providerStore(deps.database).find(flow.provider_id);
    if (provider === undefined || (flow.purpose === 'sign_in' && !provider.isOn)) throw signInProblem('sso_off');
    const request = {
      redirectUri: redirectUriOf(deps.publicUrl()),
      state: new URLSearchParams(query).get('state') ?? '',
      nonce: flow.nonce,
      codeVerifier: flow.code_verifier,
    };
    return { provider, ...(await deps.oidc.exchange(openProvider(deps, provider), request, query)) };
  };
