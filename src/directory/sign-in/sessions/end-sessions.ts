import { type Doer, Refusal } from '../../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { signOutDevices } from '../../device-grants/end-grants.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { sessionStore } from './store.ts';

/** Ends a session as its member asked. */
export const signOut =
  ({ database, record }: DirectoryDeps) =>
  (sessionId: string, by: Doer): Promise<void> =>
    database.transaction(async (sql) => {
      await sessionStore(sql).end(sessionId);
      await record(sql, by, { type: 'user_logged_out' });
    });

/** Ends one session of a member's own; somebody else's is `not_found`. */
export const endOwnSession =
  ({ database, record }: DirectoryDeps) =>
  (userId: string, sessionId: string, by: Doer): Promise<void> =>
    database.transaction(async (sql) => {
      const sessions = sessionStore(sql);
      const session = await sessions.findById(sessionId);
      if (session === undefined || session.user_id !== userId) throw notFound('session', sessionId);
      await sessions.end(sessionId);
      await record(sql, by, { type: 'session_revoked' });
    });

/** Ends all of a member's own sessions, or all but the one that asks, and every device they are signed in on. */
export const endOwnSessions =
  (deps: DirectoryDeps) =>
  (userId: string, except: string | undefined, by: Doer): Promise<number> =>
    changeInTurn(deps.database, async (sql) => {
      const ended = await sessionStore(sql).endOf(userId, except);
      const devices = await signOutDevices(deps, sql, userId);
      await deps.record(sql, by, { type: 'session_revoked' });
      return ended + devices;
    });

/**
 * Gives the session that asks a new secret and ends the member's others: what a session may do has changed, and
 * whoever had learnt the old secret is out (OWASP, renewal after a change of privilege).
 */
export const renewSession = async (sql: Sql, userId: string, sessionId: string): Promise<string> => {
  const sessions = sessionStore(sql);
  const secret = newSecret();
  await sessions.endOf(userId, sessionId);
  await sessions.changeSecret(sessionId, hashSecret(secret));
  return secret;
};

/** The refusal for what only somebody at the console may do. */
export const needsSession = (): Refusal =>
  new Refusal('unauthenticated', 'Sign in to the console for this; a key cannot do it.');
