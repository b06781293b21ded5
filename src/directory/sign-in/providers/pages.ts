import { type Actor, type Doer, mayUse, Refusal } from '../../../kernel/index.ts';
import type { ClientFacts, Log } from '../../../platform/index.ts';
import { asMember } from '../as-member.ts';
import { createAttempts, placeOf } from '../attempts.ts';
import { readCookie, sessionCookie } from '../cookies.ts';
import { openSession } from '../sessions/open-session.ts';
import { admit } from './admit.ts';
import { beginSignIn, FLOW_MS, type ProviderDeps } from './begin-sign-in.ts';
import { redeemCode, takeFlow } from './finish-flow.ts';
import { problemOf, signInProblem } from './problems.ts';
import { signOutByProvider } from './sign-out-by-provider.ts';
import type { StoredFlow } from './store.ts';
import { finishTest } from './try-connection.ts';

const MINUTE_MS = 60_000;
const BEGUN_MAX = 30;

/** What the pages stand on beside {@link ProviderDeps}. */
export type PagesDeps = ProviderDeps & {
  readonly log: Log;
  readonly authenticate: (request: Request, client: ClientFacts) => Promise<Actor>;
};

/** The addresses browsers are led through while somebody signs in at a provider, and the one providers sign out at. */
export type SignInPages = {
  begin(request: Request, providerId: string, client: ClientFacts): Promise<Response>;
  test(request: Request, providerId: string, client: ClientFacts): Promise<Response>;
  callback(request: Request, client: ClientFacts): Promise<Response>;
  backchannelLogout(request: Request, providerId: string, client: ClientFacts): Promise<Response>;
};

const flowCookieName = (isSecure: boolean): string => (isSecure ? '__Host-remit_flow' : 'remit_flow');

// Lax, because the provider's answer is a navigation from another site; without Max-Age it would outlive the flow.
const flowCookie = (secret: string, isSecure: boolean, seconds: number): string =>
  `${flowCookieName(isSecure)}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${isSecure ? '; Secure' : ''}`;

const redirect = (to: string, cookies: readonly string[] = []): Response => {
  const headers = new Headers({ location: to, 'cache-control': 'no-store' });
  for (const cookie of cookies) headers.append('set-cookie', cookie);
  return new Response(null, { status: 302, headers });
};

const USER_AGENT_LENGTH_MAX = 512;

const doerOf = (deps: PagesDeps, request: Request, { address }: ClientFacts): Doer => ({
  who: { kind: 'visitor', email: null },
  requestId: deps.newId('request'),
  ipAddress: address,
  userAgent: request.headers.get('user-agent')?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
});

/** Leads back to the sign-in page, which explains the problem in its own words: nothing of the answer is shown. */
const problemPage = (problem: string, { requestId }: Doer): string =>
  `/sign-in?${new URLSearchParams({ problem, request: requestId ?? '' })}`;

/** Opens the pages. How often sign-ins are begun is limited for each place they come from. */
export const createSignInPages = (deps: PagesDeps): SignInPages => {
  const begun = createAttempts({ max: BEGUN_MAX, windowMs: MINUTE_MS, now: deps.now });

  const fail = async (by: Doer, thrown: unknown): Promise<string> => {
    const problem = problemOf(thrown);
    const cause = thrown instanceof Refusal ? thrown.internal : thrown;
    deps.log.warn({ requestId: by.requestId, problem, err: cause }, 'a sign-in through a provider did not go through');
    // Those beyond the limit are not recorded one by one; the limit itself bounds all others.
    if (problem !== 'sso_too_many') await deps.record(deps.database, by, { type: 'sso_login_failed', reason: problem });
    return problemPage(problem, by);
  };

  const begin = async (request: Request, providerId: string, client: ClientFacts, purpose: StoredFlow['purpose']) => {
    const by = doerOf(deps, request, client);
    try {
      if (begun.count(placeOf(client.address)) > 0) throw signInProblem('sso_too_many');
      const returnTo = new URL(request.url).searchParams.get('next');
      const { url, browserSecret } = await beginSignIn(deps)(providerId, { purpose, returnTo }, by);
      return redirect(url.href, [flowCookie(browserSecret, client.isSecure, FLOW_MS / 1000)]);
    } catch (thrown) {
      const to = await fail(by, thrown);
      return redirect(purpose === 'test' ? `/identity/providers/${providerId}?problem=${problemOf(thrown)}` : to);
    }
  };

  const enter = async (flow: StoredFlow, query: string, by: Doer, isSecure: boolean): Promise<Response> => {
    const { provider, claims, idToken } = await redeemCode(deps)(flow, query);
    const member = await admit(deps)(provider, claims, by);
    const session = typeof claims.sid === 'string' ? claims.sid : null;
    const opening = { method: 'sso' as const, provider: { id: provider.id, session, idToken } };
    const { secret, seconds } = await openSession(deps)(member.id, asMember(by, member), opening);
    return redirect(flow.return_to, [sessionCookie(secret, isSecure, seconds), flowCookie('', isSecure, 0)]);
  };

  return {
    begin: (request, providerId, client) => begin(request, providerId, client, 'sign_in'),
    test: async (request, providerId, client) => {
      const actor = await deps.authenticate(request, client).catch((): Actor => ({ kind: 'anonymous' }));
      if (!mayUse(actor, 'identity:manage')) return redirect('/sign-in?next=/identity');
      return begin(request, providerId, client, 'test');
    },
    callback: async (request, client) => {
      const by = doerOf(deps, request, client);
      const query = new URL(request.url).search;
      const browserSecret = readCookie(request.headers.get('cookie'), flowCookieName(client.isSecure));
      try {
        const flow = await takeFlow(deps)({ query, browserSecret });
        if (flow.purpose === 'sign_in') return await enter(flow, query, by, client.isSecure);
        await finishTest(deps)(flow, query);
        return redirect(`/identity/providers/${flow.provider_id}?test=${flow.id}`);
      } catch (thrown) {
        return redirect(await fail(by, thrown), [flowCookie('', client.isSecure, 0)]);
      }
    },
    backchannelLogout: async (request, providerId, client) => {
      const status = await signOutByProvider(deps)(request, providerId, doerOf(deps, request, client));
      return new Response(null, { status, headers: { 'cache-control': 'no-store' } });
    },
  };
};
