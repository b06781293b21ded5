import { createRoute, redirect } from '@tanstack/react-router';
import { queryClient } from '../data/query-client.ts';
import { sessionQuery } from '../data/session.ts';
import { PageFailure } from './page-failure.tsx';
import { root } from './root-route.tsx';
import { Shell } from './shell.tsx';

/** Where every page for people who are signed in hangs; leads everybody else to the sign-in page. */
export const app = createRoute({
  getParentRoute: () => root,
  id: 'app',
  component: Shell,
  errorComponent: PageFailure,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (session.user === null) throw redirect({ to: '/sign-in', search: { next: location.href } });
    if (session.must_set_up_second_factor) throw redirect({ to: '/second-factor', search: { next: location.href } });
  },
});
