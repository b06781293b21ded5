import type { NewActivity } from '../../../activity/index.ts';
import type { Doer } from '../../../kernel/index.ts';
import { hashSecret, newSecret } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { settingsStore } from '../settings/store.ts';
import type { AuthMethod } from '../tables.ts';
import { absoluteMs, sessionStore } from './store.ts';

/** What a local sign-in showed beside the password. */
export type SecondFactorUsed = 'totp' | 'recovery_code' | null;

/** How somebody signed in; of a provider, what it takes to sign out there too. */
export type Opening = {
  readonly method: AuthMethod;
  readonly secondFactor?: SecondFactorUsed;
  readonly provider?: {
    readonly id: string;
    readonly session: string | null;
    readonly idToken: string | null;
  };
};

/** A session's secret for the cookie, shown this once, and for how long the cookie is good. */
export type OpenedSession = { readonly id: string; readonly secret: string; readonly seconds: number };

const succeeded = ({ method, secondFactor }: Opening): NewActivity =>
  method === 'sso'
    ? { type: 'sso_login_succeeded', auth_method: 'sso', mfa_method: null }
    : { type: 'remit_login_succeeded', auth_method: method, mfa_method: secondFactor ?? null };

/** Opens a session for a member and records that they signed in; the secret is stored as a hash. */
export const openSession =
  ({ database, record, secrets, now, newId }: DirectoryDeps) =>
  (userId: string, by: Doer, opening: Opening): Promise<OpenedSession> =>
    database.transaction(async (sql) => {
      const secret = newSecret();
      const at = now();
      const lifetimeMs = absoluteMs(await settingsStore(sql).read());
      const id = newId('session');
      const { provider } = opening;
      await sessionStore(sql).insert({
        id,
        secret_hash: hashSecret(secret),
        user_id: userId,
        created_at: at,
        expires_at: at + lifetimeMs,
        seen_at: at,
        user_agent: by.userAgent,
        ip_address: by.ipAddress,
        auth_method: opening.method,
        provider_id: provider?.id ?? null,
        provider_session: provider?.session ?? null,
        id_token: provider?.idToken == null ? null : secrets.seal(provider.idToken, id),
      });
      await record(sql, by, succeeded(opening));
      return { id, secret, seconds: Math.floor(lifetimeMs / 1000) };
    });
