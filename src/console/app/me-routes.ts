import { createRoute } from '@tanstack/react-router';
import { app } from './app-route.ts';
import { screen } from './lazy-screen.ts';
import { readRequestFilters } from './search.ts';

const me = createRoute({
  getParentRoute: () => app,
  path: '/me',
  staticData: { title: 'My access' },
  component: screen(() => import('../screens/me/me-screen.tsx'), 'MeScreen'),
});

const myModels = createRoute({
  getParentRoute: () => me,
  path: '/',
  component: screen(() => import('../screens/me/my-models.tsx'), 'MyModels'),
});

const myCapabilities = createRoute({
  getParentRoute: () => me,
  path: 'capabilities',
  component: screen(() => import('../screens/me/my-capabilities.tsx'), 'MyCapabilities'),
});

const myKeys = createRoute({
  getParentRoute: () => me,
  path: 'keys',
  component: screen(() => import('../screens/me/my-keys.tsx'), 'MyKeys'),
});

const myConnectors = createRoute({
  getParentRoute: () => me,
  path: 'connectors',
  component: screen(() => import('../screens/me/my-connectors.tsx'), 'MyConnectors'),
});

const myUsage = createRoute({
  getParentRoute: () => me,
  path: 'usage',
  component: screen(() => import('../screens/me/my-usage.tsx'), 'MyUsage'),
});

const myRequests = createRoute({
  getParentRoute: () => me,
  path: 'requests',
  validateSearch: readRequestFilters,
  component: screen(() => import('../screens/me/my-requests.tsx'), 'MyRequests'),
});

const myRequest = createRoute({
  getParentRoute: () => myRequests,
  path: '$requestId',
  component: screen(() => import('../screens/me/my-request-route.tsx'), 'MyRequestRoute'),
});

const mySecurity = createRoute({
  getParentRoute: () => me,
  path: 'security',
  component: screen(() => import('../screens/security/security-screen.tsx'), 'SecurityScreen'),
});

/** What everybody finds about themselves. */
export const meRoute = me.addChildren([
  myModels,
  myUsage,
  myCapabilities,
  myConnectors,
  myKeys,
  myRequests.addChildren([myRequest]),
  mySecurity,
]);
