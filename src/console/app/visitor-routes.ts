import { createRoute } from '@tanstack/react-router';
import { screen } from './lazy-screen.ts';
import { root } from './root-route.tsx';
import { readNext, readSignIn, readToken } from './search.ts';

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

/** The pages for people who are not signed in, or not yet all the way. */
export const visitorRoutes = [setup, link, invite, signIn, secondFactor] as const;
