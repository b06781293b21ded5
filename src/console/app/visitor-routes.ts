import { createRoute, redirect } from '@tanstack/react-router';
import { queryClient } from '../data/query-client.ts';
import { sessionQuery } from '../data/session.ts';
import { screen } from './lazy-screen.ts';
import { root } from './root-route.tsx';
import { readDevice, readNext, readSignIn, readToken } from './search.ts';

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: readToken,
  component: screen(() => import('../screens/setup/link-screen.tsx'), 'LinkScreen'),
});

const link = createRoute({
  getParentRoute: () => root,
  path: '/link',
  validateSearch: readToken,
  component: screen(() => import('../screens/setup/link-screen.tsx'), 'LinkScreen'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  validateSearch: readToken,
  component: screen(() => import('../screens/invite/invite-screen.tsx'), 'InviteScreen'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignIn,
  component: screen(() => import('../screens/sign-in/sign-in-screen.tsx'), 'SignInScreen'),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: readNext,
  component: screen(() => import('../screens/security/set-up-screen.tsx'), 'SetUpSecondFactorScreen'),
});

const device = createRoute({
  getParentRoute: () => root,
  path: '/device',
  validateSearch: readDevice,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session.user === null) throw redirect({ to: '/sign-in', search: { next: location.href } });
    if (session.must_set_up_second_factor) throw redirect({ to: '/second-factor', search: { next: location.href } });
  },
  component: screen(() => import('../screens/device/device-screen.tsx'), 'DeviceScreen'),
});

/** The pages for people who are not signed in, or not yet all the way, and the one that Claude Code sends them to. */
export const visitorRoutes = [setup, link, invite, signIn, secondFactor, device] as const;
