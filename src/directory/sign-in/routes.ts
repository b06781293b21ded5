import { type Doer, Refusal } from '../../kernel/index.ts';
import type { AnyEndpoint } from '../../platform/contract.ts';
import { type Handled, type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { type Member, memberStore } from '../members/store.ts';
import { readPermissions } from '../roles/read-permissions.ts';
import { toWireTime } from '../wire.ts';
import { asMember } from './as-member.ts';
import * as contract from './contract.ts';
import { expiredSessionCookie, sessionCookie } from './cookies.ts';
import { findLink, redeemSignInLink } from './redeem-sign-in-link.ts';
import { renameOrganization } from './rename-organization.ts';
import { type AuthMethod, createPasswordCheck, endSession, openSession, refuseSignIn } from './sign-in.ts';
import { signInStore } from './store.ts';

/** Binds the endpoints of signing in, and of the organisation itself. */
export const signInRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const store = signInStore(deps.database);
  const members = memberStore(deps.database);
  const checkPassword = createPasswordCheck(deps);
  const describe = (userId: string | null) => describeSession(deps, userId);

  const enter = async (
    member: Member,
    { by, request, replyHeaders }: Pick<Handled<AnyEndpoint>, 'by' | 'request' | 'replyHeaders'>,
    authMethod: AuthMethod,
  ): Promise<contract.Session> => {
    const secret = await openSession(deps)(member.id, asMember(by, member), authMethod);
    replyHeaders.append('set-cookie', sessionCookie(secret, isHttps(request)));
    return describe(member.id);
  };

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
    route(contract.getSession, ({ actor }) => describe(actor.kind === 'member' ? actor.userId : null)),
    route(contract.signIn, async ({ body, ...from }) => {
      const visitor: Doer = { ...from.by, who: { kind: 'visitor', email: body.email } };
      const member = await checkPassword(body.email, body.password).catch((refused: unknown) =>
        refuseSignIn(deps)(visitor, 'password', refused),
      );
      return enter(member, from, 'password');
    }),
    route(contract.signOut, async ({ actor, by, replyHeaders }) => {
      if (actor.kind === 'member' && actor.sessionId !== null) await endSession(deps)(actor.sessionId, by);
      replyHeaders.append('set-cookie', expiredSessionCookie());
      return describe(null);
    }),
    route(contract.readSignInLink, async ({ body }) => {
      const link = await findLink(deps.database, body.token, deps.now());
      const member = link.user_id === null ? undefined : await members.find(link.user_id);
      return {
        purpose: link.user_id === null ? ('create_owner' as const) : ('set_password' as const),
        email: member?.email ?? null,
        name: member?.name ?? null,
        expires_at: toWireTime(link.expires_at),
      };
    }),
    route(contract.redeemSignInLink, async ({ body, ...from }) => {
      const member = await redeemSignInLink(deps)(body, from.by);
      return enter(member, from, 'sign_in_link');
    }),
  ];
};

const describeSession = async (deps: DirectoryDeps, userId: string | null): Promise<contract.Session> => {
  const members = memberStore(deps.database);
  const member = userId === null ? undefined : await members.find(userId);
  const { id, name } = await signInStore(deps.database).readOrganization();
  const user = member && { id: member.id, email: member.email, name: member.name, role: member.role };
  return {
    type: 'session',
    user: user ?? null,
    permissions: member === undefined ? [] : [...(await readPermissions(deps.database, member))],
    has_owner: (await members.countOwners()) > 0,
    organization: { id, name },
  };
};

const organizationOf = ({ id, name }: { id: string; name: string }) => ({ id, type: 'organization' as const, name });

const isHttps = (request: Request): boolean =>
  new URL(request.url).protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https';
