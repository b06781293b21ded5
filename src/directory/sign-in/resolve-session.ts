import type { Actor } from '../../kernel/index.ts';
import { hashSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { type Member, memberStore } from '../members/store.ts';
import { readPermissions } from '../roles/read-permissions.ts';
import { isLocal, isSecondFactorRequired } from './accounts/second-factor-rule.ts';
import { accountStore } from './accounts/store.ts';
import { type StoredSession, sessionStore } from './sessions/store.ts';
import { type StoredSettings, settingsStore } from './settings/store.ts';

const SEEN_EVERY_MS = 60_000;

export type MemberActor = Extract<Actor, { kind: 'member' }>;

/**
 * Finds the member a session's secret belongs to; undefined when the session has ended, or its member has. A member
 * who still has to set up the second factor the organisation asks for may do nothing but that: they hold no permission.
 * `isActive`: a person is behind the request, which keeps the session from ending for idleness.
 */
export const resolveSession = async (
  deps: DirectoryDeps,
  secret: string,
  isActive: boolean,
): Promise<MemberActor | undefined> => {
  const { database, now } = deps;
  const settings = await settingsStore(database).read();
  const sessions = sessionStore(database);
  const session = await sessions.find(hashSecret(secret), now(), settings);
  const member = session === undefined ? undefined : await memberStore(database).find(session.user_id);
  if (session === undefined || member === undefined) return undefined;
  if (isActive && session.seen_at < now() - SEEN_EVERY_MS) await sessions.see(session.id, now());
  const isRestricted = await mustEnrol(deps, member, { session, settings });
  return {
    kind: 'member',
    userId: member.id,
    email: member.email,
    role: member.role,
    credentialId: null,
    sessionId: session.id,
    permissions: isRestricted ? new Set() : await readPermissions(database, member),
  };
};

type Under = { readonly session: StoredSession; readonly settings: StoredSettings };

const mustEnrol = async (
  { database }: DirectoryDeps,
  member: Member,
  { session, settings }: Under,
): Promise<boolean> => {
  if (!isLocal(session.auth_method) || !isSecondFactorRequired(settings.second_factor, member.role)) return false;
  return (await accountStore(database).findFactor(member.id))?.confirmed_at == null;
};

/** Whether somebody is signed in who has to set up a second factor before anything else. */
export const isRestricted = (actor: Actor): boolean =>
  actor.kind === 'member' && actor.sessionId !== null && actor.permissions.size === 0;
