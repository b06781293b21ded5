import { sessionStore } from '../sessions/store.ts';
import { openProvider, type ProviderDeps } from './begin-sign-in.ts';
import { providerStore } from './store.ts';

/**
 * Where to go after signing out here to be signed out at the provider too (OpenID Connect RP-Initiated Logout 1.0). Null
 * for local sessions, and where the provider has no such page or does not answer: signing out here never waits for it.
 */
export const providerSignOutUrl = async (deps: ProviderDeps, sessionId: string): Promise<string | null> => {
  const session = await sessionStore(deps.database).findById(sessionId);
  if (session?.provider_id == null || session.id_token === null) return null;
  const provider = await providerStore(deps.database).find(session.provider_id);
  if (provider === undefined) return null;
  try {
    const idToken = deps.secrets.open(session.id_token, session.id);
    const url = await deps.oidc.signOutUrl(openProvider(deps, provider), idToken, `${deps.publicUrl()}/sign-in`);
    return url?.href ?? null;
  } catch {
    return null;
  }
};
