import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashPassword, hashSecret, matchesPassword, newSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { emailKey, type Member, memberStore } from '../members/store.ts';
import { signInStore } from './store.ts';

/** How somebody showed who they are. */
export type AuthMethod = 'password' | 'sign_in_link';

export const SESSION_LIFETIME_MS = 12 * 3600 * 1000;

const WINDOW_MS = 15 * 60 * 1000;
const FAILURES_MAX = 10;
const ADDRESSES_MAX = 10_000;

const wrong = () => new Refusal('unauthenticated', 'The e-mail address or the password is not right.');

/**
 * Checks e-mail address and password. Unknown addresses take as long as wrong passwords; ten failures for one address
 * within a quarter of an hour refuse further tries until it has passed.
 */
export const createPasswordCheck = (deps: DirectoryDeps) => {
  const failures = new Map<string, number[]>();
  const decoy = hashPassword(newSecret());

  const recentFailures = (key: string): number[] =>
    (failures.get(key) ?? []).filter((at) => at > deps.now() - WINDOW_MS);

  // A try counts from its start, so that many at once are not more than many in a row.
  const count = (key: string): void => {
    const recent = recentFailures(key);
    if (recent.length >= FAILURES_MAX)
      throw new Refusal('unauthenticated', 'Too many failed tries for this address. Wait a quarter of an hour.');
    if (failures.size >= ADDRESSES_MAX) forgetOldest(failures);
    failures.set(key, [...recent, deps.now()]);
  };

  return async (email: string, password: string): Promise<Member> => {
    const key = emailKey(email);
    count(key);
    const member = await memberStore(deps.database).findByEmail(email);
    const stored = member === undefined ? undefined : await signInStore(deps.database).findPassword(member.id);
    const matches = await matchesPassword(password, stored ?? (await decoy));
    if (!matches || stored === undefined || member?.status !== 'active') throw wrong();
    failures.delete(key);
    return member;
  };
};

/** Keeps the map small under somebody who sprays addresses: the address that was first tried longest ago goes. */
const forgetOldest = (failures: Map<string, unknown>): void => {
  for (const [oldest] of failures.entries().take(1)) failures.delete(oldest);
};

/**
 * Opens a session for a member and records that they signed in. The answer is the cookie's secret, which is stored as a
 * hash.
 */
export const openSession =
  ({ database, record, now, newId }: DirectoryDeps) =>
  (userId: string, by: Doer, authMethod: AuthMethod): Promise<string> =>
    database.transaction(async (sql) => {
      const secret = newSecret();
      const at = now();
      await signInStore(sql).insertSession({
        id: newId('session'),
        secret_hash: hashSecret(secret),
        user_id: userId,
        created_at: at,
        expires_at: at + SESSION_LIFETIME_MS,
        user_agent: by.userAgent,
      });
      await record(sql, by, { type: 'remit_login_succeeded', auth_method: authMethod });
      return secret;
    });

/** Ends a session as its member asked. */
export const endSession =
  ({ database, record }: DirectoryDeps) =>
  (sessionId: string, by: Doer): Promise<void> =>
    database.transaction(async (sql) => {
      await signInStore(sql).endSession(sessionId);
      await record(sql, by, { type: 'user_logged_out' });
    });

/** Records a sign-in that was refused, with the reason that was told, and refuses it. */
export const refuseSignIn =
  ({ database, record }: DirectoryDeps) =>
  async (by: Doer, authMethod: AuthMethod, refused: unknown): Promise<never> => {
    if (refused instanceof Refusal)
      await record(database, by, { type: 'remit_login_failed', auth_method: authMethod, reason: refused.message });
    throw refused;
  };
