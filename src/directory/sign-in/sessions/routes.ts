import type { Actor } from '../../../kernel/index.ts';
import { type Route, route } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { toWire as toMemberWire } from '../../members/to-wire.ts';
import { toWireTime } from '../../wire.ts';
import { settingsStore } from '../settings/store.ts';
import * as contract from './contract.ts';
import { endOwnSession, endOwnSessions, needsSession } from './end-sessions.ts';
import { signOutMember } from './sign-out-member.ts';
import { absoluteMs, type Lifetimes, type StoredSession, sessionStore } from './store.ts';

/** The person behind a request that came with a session; keys are refused. */
export const oneselfOf = (actor: Actor) => {
  if (actor.kind !== 'member' || actor.sessionId === null) throw needsSession();
  return { userId: actor.userId, email: actor.email, sessionId: actor.sessionId };
};

/** Binds what people do with their own sessions, and signing others out. */
export const sessionRoutes = (deps: DirectoryDeps): readonly Route[] => [
  route(contract.listMySessions, async ({ actor }) => {
    const { userId, sessionId } = oneselfOf(actor);
    const lifetimes = await settingsStore(deps.database).read();
    const sessions = await sessionStore(deps.database).listOf(userId, deps.now(), lifetimes);
    return { data: sessions.map((session) => toWire(session, lifetimes, sessionId)) };
  }),
  route(contract.endMySession, async ({ actor, params, by }) => {
    await endOwnSession(deps)(oneselfOf(actor).userId, params.session_id, by);
    return { type: 'member_session_ended' as const, id: params.session_id };
  }),
  route(contract.endMySessions, async ({ actor, body, by }) => {
    const { userId, sessionId } = oneselfOf(actor);
    const ended = await endOwnSessions(deps)(userId, body.keep_this ? sessionId : undefined, by);
    return { type: 'member_sessions_ended' as const, ended };
  }),
  route(contract.signOutUser, async ({ params, by }) => {
    return toMemberWire(await signOutMember(deps)(params.user_id, by));
  }),
];

const toWire = (session: StoredSession, lifetimes: Lifetimes, ownId: string): contract.MySession => ({
  id: session.id,
  type: 'member_session',
  is_current: session.id === ownId,
  created_at: toWireTime(session.created_at),
  last_seen_at: toWireTime(session.seen_at),
  expires_at: toWireTime(Math.min(session.expires_at, session.created_at + absoluteMs(lifetimes))),
  auth_method: session.auth_method,
  ip_address: session.ip_address,
  user_agent: session.user_agent,
});
