import { type Actor, type Doer, Refusal } from '../../kernel/index.ts';
import type { AnyEndpoint } from '../../platform/contract.ts';
import { type Handled, type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { type Member, memberStore } from '../members/store.ts';
import { toWireTime } from '../wire.ts';
import { asksForCode, createLinkCodeCheck } from './accounts/check-link-code.ts';
import { type CheckPassword, createPasswordCheck } from './accounts/check-password.ts';
import { checkSecondFactor } from './accounts/check-second-factor.ts';
import { accountRoutes } from './accounts/routes.ts';
import { addressRoutes } from './addresses/routes.ts';
import { asMember } from './as-member.ts';
import * as contract from './contract.ts';
import { expiredSessionCookie, sessionCookie } from './cookies.ts';
import { createFailureLog } from './failure-log.ts';
import type { ProviderDeps } from './providers/begin-sign-in.ts';
import { refuseEnforced } from './providers/enforcement.ts';
import { providerSignOutUrl } from './providers/provider-sign-out-url.ts';
import { providerRoutes } from './providers/routes.ts';
import { findLink, redeemSignInLink } from './redeem-sign-in-link.ts';
import { renameOrganization } from './rename-organization.ts';
import { isRestricted, resolveSession } from './resolve-session.ts';
import { signOut } from './sessions/end-sessions.ts';
import { type Opening, openSession } from './sessions/open-session.ts';
import { sessionRoutes } from './sessions/routes.ts';
import { settingsRoutes } from './settings/routes.ts';
import { signInStore } from './store.ts';

const ANONYMOUS: Actor = { kind: 'anonymous' };

/** Binds the endpoints of signing in, of one's own account and sessions, and of the organisation's rules for them. */
export const signInRoutes = (deps: ProviderDeps): readonly Route[] => {
  const checkPassword = createPasswordCheck(deps);
  return [
    ...organizationRoutes(deps),
    ...visitorRoutes(deps, checkPassword),
    ...linkRoutes(deps),
    ...sessionRoutes(deps),
    ...accountRoutes(deps, checkPassword),
    ...settingsRoutes(deps),
    ...addressRoutes(deps),
    ...providerRoutes(deps),
  ];
};

type Entering = Pick<Handled<AnyEndpoint>, 'by' | 'isSecure' | 'replyHeaders'>;

/** Opens a session and puts its cookie into the answer. Whatever session the request came with is another one. */
const enter = async (
  deps: DirectoryDeps,
  member: Member,
  { by, isSecure, replyHeaders }: Entering,
  opening: Opening,
): Promise<contract.Session> => {
  const { secret, seconds } = await openSession(deps)(member.id, asMember(by, member), opening);
  replyHeaders.append('set-cookie', sessionCookie(secret, isSecure, seconds));
  return describeSession(deps, (await resolveSession(deps, secret, true)) ?? ANONYMOUS);
};

const organizationRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const store = signInStore(deps.database);
  return [
    route(contract.getOrganization, async ({ actor }) => {
      if (actor.kind === 'anonymous')
        throw new Refusal('unauthenticated', 'Send an API key in x-api-key or as a bearer token.');
      return organizationOf(await store.readOrganization());
    }),
    route(contract.renameOrganization, async ({ body, by }) => {
      await renameOrganization(deps)(body.name, by);
      return organizationOf(await store.readOrganization());
    }),
  ];
};

const visitorRoutes = (deps: ProviderDeps, checkPassword: CheckPassword): readonly Route[] => {
  const logFailure = createFailureLog(deps);
  return [
    route(contract.getSession, ({ actor }) => describeSession(deps, actor)),
    route(contract.signIn, async ({ body, ...from }) => {
      const visitor: Doer = { ...from.by, who: { kind: 'visitor', email: body.email } };
      try {
        const { member, succeed } = await checkPassword(body.email, body.password, visitor);
        await refuseEnforced(deps, member);
        const secondFactor = await checkSecondFactor(deps)(member.id, body.code);
        succeed();
        return await enter(deps, member, from, { method: 'password', secondFactor });
      } catch (refused) {
        await logFailure(visitor, 'password', refused);
        throw refused;
      }
    }),
    route(contract.signOut, async ({ actor, by, isSecure, replyHeaders }) => {
      const sessionId = actor.kind === 'member' ? actor.sessionId : null;
      const provider_sign_out_url = sessionId === null ? null : await providerSignOutUrl(deps, sessionId);
      if (sessionId !== null) await signOut(deps)(sessionId, by);
      replyHeaders.append('set-cookie', expiredSessionCookie(isSecure));
      return { ...(await describeSession(deps, ANONYMOUS)), provider_sign_out_url };
    }),
  ];
};

const linkRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const checkLinkCode = createLinkCodeCheck(deps);
  return [
    route(contract.readSignInLink, async ({ body }) => {
      const link = await findLink(deps.database, body.token, deps.now());
      const member = link.user_id === null ? undefined : await memberStore(deps.database).findAny(link.user_id);
      return {
        purpose: link.purpose,
        email: member?.email ?? null,
        name: member?.name ?? null,
        expires_at: toWireTime(link.expires_at),
        asks_for_code: await asksForCode(deps, link),
      };
    }),
    route(contract.redeemSignInLink, async ({ body, ...from }) => {
      const secondFactor = await checkLinkCode(await findLink(deps.database, body.token, deps.now()), body);
      const { member, link } = await redeemSignInLink(deps)(body, from.by);
      const method = link.purpose === 'emergency_owner' ? 'emergency_link' : 'sign_in_link';
      return enter(deps, member, from, { method, secondFactor });
    }),
  ];
};

const describeSession = async (deps: DirectoryDeps, actor: Actor): Promise<contract.Session> => {
  const members = memberStore(deps.database);
  const member = actor.kind === 'member' ? await members.find(actor.userId) : undefined;
  const { id, name } = await signInStore(deps.database).readOrganization();
  const user = member && { id: member.id, email: member.email, name: member.name, role: member.role };
  return {
    type: 'session',
    user: user ?? null,
    permissions: actor.kind === 'member' && member !== undefined ? [...actor.permissions] : [],
    must_set_up_second_factor: isRestricted(actor),
    has_owner: (await members.countOwners()) > 0,
    organization: { id, name },
  };
};

const organizationOf = ({ id, name }: { id: string; name: string }) => ({ id, type: 'organization' as const, name });
