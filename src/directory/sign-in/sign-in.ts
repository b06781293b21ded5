import { Refusal } from '../../kernel/index.ts';
import { hashPassword, hashSecret, matchesPassword, newSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { emailKey, type Member, memberStore } from '../members/store.ts';
import { signInStore } from './store.ts';

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

/** Opens a session for a member; the answer is the cookie's secret, which is stored as a hash. */
export const openSession =
  ({ database, now, newId }: DirectoryDeps) =>
  async (userId: string, userAgent: string | null): Promise<string> => {
    const secret = newSecret();
    const at = now();
    await signInStore(database).insertSession({
      id: newId('session'),
      secret_hash: hashSecret(secret),
      user_id: userId,
      created_at: at,
      expires_at: at + SESSION_LIFETIME_MS,
      user_agent: userAgent?.slice(0, 256) ?? null,
    });
    return secret;
  };
