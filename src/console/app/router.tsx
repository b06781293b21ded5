import { createRoute, createRouter, redirect } from '@tanstack/react-router';
import type { Permission } from '../../kernel/index.ts';
import { queryClient } from '../data/query-client.ts';
import { holds, sessionQuery } from '../data/session.ts';
import { Waiting } from '../kit/loadable.tsx';
import { app } from './app-route.ts';
import { screen } from './lazy-screen.ts';
import { meRoute } from './me-routes.ts';
import { moneyRoutes } from './money-routes.ts';
import { PageFailure } from './page-failure.tsx';
import { root } from './root-route.tsx';
import { readActivityFilters, readConnectionTest, readMemberSearch, readRequestFilters, readTab } from './search.ts';
import { visitorRoutes } from './visitor-routes.ts';

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
  interface StaticDataRouteOption {
    /** What the page is called, where it is not shown for want of a permission. */
    title?: string;
    permission?: Permission;
  }
}

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: async () => {
    const { permissions } = await queryClient.ensureQueryData(sessionQuery);
    if (holds(permissions, 'identity:view')) throw redirect({ to: '/models' });
    if (holds(permissions, 'users:view')) throw redirect({ to: '/members' });
    if (holds(permissions, 'billing:view')) throw redirect({ to: '/spend' });
    throw redirect({ to: '/me' });
  },
});

const models = createRoute({
  getParentRoute: () => app,
  path: '/models',
  staticData: { title: 'Models', permission: 'identity:view' },
  component: screen(() => import('../screens/models/models-screen.tsx'), 'ModelsScreen'),
});

const requests = createRoute({
  getParentRoute: () => app,
  path: '/requests',
  staticData: { title: 'Requests', permission: 'analytics:view' },
  validateSearch: readRequestFilters,
  component: screen(() => import('../screens/requests/requests-screen.tsx'), 'RequestsScreen'),
});

const request = createRoute({
  getParentRoute: () => requests,
  path: '$requestId',
  component: screen(() => import('../screens/requests/request-route.tsx'), 'RequestRoute'),
});

const activity = createRoute({
  getParentRoute: () => app,
  path: '/activity',
  staticData: { title: 'Activity', permission: 'privacy:view' },
  validateSearch: readActivityFilters,
  component: screen(() => import('../screens/activity/activity-screen.tsx'), 'ActivityScreen'),
});

const members = createRoute({
  getParentRoute: () => app,
  path: '/members',
  staticData: { title: 'Members', permission: 'users:view' },
  validateSearch: readMemberSearch,
  component: screen(() => import('../screens/members/members-screen.tsx'), 'MembersScreen'),
});

const member = createRoute({
  getParentRoute: () => app,
  path: '/members/$userId',
  staticData: { title: 'Member', permission: 'users:view' },
  component: screen(() => import('../screens/members/member-screen.tsx'), 'MemberScreen'),
});

const groups = createRoute({
  getParentRoute: () => app,
  path: '/groups',
  staticData: { title: 'Groups', permission: 'identity:view' },
  component: screen(() => import('../screens/groups/groups-screen.tsx'), 'GroupsScreen'),
});

const group = createRoute({
  getParentRoute: () => app,
  path: '/groups/$groupId',
  staticData: { title: 'Group', permission: 'identity:view' },
  component: screen(() => import('../screens/groups/group-screen.tsx'), 'GroupScreen'),
});

const roles = createRoute({
  getParentRoute: () => app,
  path: '/roles',
  staticData: { title: 'Roles', permission: 'identity:view' },
  validateSearch: readTab('roles', 'organisation'),
  component: screen(() => import('../screens/roles/roles-screen.tsx'), 'RolesScreen'),
});

const role = createRoute({
  getParentRoute: () => app,
  path: '/roles/$roleId',
  staticData: { title: 'Role', permission: 'identity:view' },
  validateSearch: readTab('capabilities', 'permissions', 'connectors', 'models'),
  component: screen(() => import('../screens/roles/role-screen.tsx'), 'RoleScreen'),
});

const identity = createRoute({
  getParentRoute: () => app,
  path: '/identity',
  staticData: { title: 'Identity', permission: 'identity:view' },
  component: screen(() => import('../screens/identity/identity-screen.tsx'), 'IdentityScreen'),
});

const directory = createRoute({
  getParentRoute: () => app,
  path: '/identity/directories/$directoryId',
  staticData: { title: 'Directory', permission: 'identity:view' },
  component: screen(() => import('../screens/identity/directories/directory-screen.tsx'), 'DirectoryScreen'),
});

const identityProvider = createRoute({
  getParentRoute: () => app,
  path: '/identity/providers/$providerId',
  staticData: { title: 'Identity provider', permission: 'identity:view' },
  validateSearch: readConnectionTest,
  component: screen(() => import('../screens/identity/providers/provider-screen.tsx'), 'ProviderScreen'),
});

const keys = createRoute({
  getParentRoute: () => app,
  path: '/keys',
  staticData: { title: 'Keys', permission: 'keys:view' },
  validateSearch: readTab('keys', 'admin'),
  component: screen(() => import('../screens/keys/keys-screen.tsx'), 'KeysScreen'),
});

const workspaces = createRoute({
  getParentRoute: () => app,
  path: '/workspaces',
  staticData: { title: 'Workspaces', permission: 'keys:view' },
  component: screen(() => import('../screens/workspaces/workspaces-screen.tsx'), 'WorkspacesScreen'),
});

const workspace = createRoute({
  getParentRoute: () => app,
  path: '/workspaces/$workspaceId',
  staticData: { title: 'Workspace', permission: 'keys:view' },
  component: screen(() => import('../screens/workspaces/workspace-screen.tsx'), 'WorkspaceScreen'),
});

const connectors = createRoute({
  getParentRoute: () => app,
  path: '/connectors',
  staticData: { title: 'Connectors', permission: 'libraries:view' },
  component: screen(() => import('../screens/connectors/connectors-screen.tsx'), 'ConnectorsScreen'),
});

const connector = createRoute({
  getParentRoute: () => app,
  path: '/connectors/$connectorId',
  staticData: { title: 'Connector', permission: 'libraries:view' },
  component: screen(() => import('../screens/connectors/connector-screen.tsx'), 'ConnectorScreen'),
});

const help = createRoute({
  getParentRoute: () => app,
  path: '/help',
  component: screen(() => import('../screens/help/help-screen.tsx'), 'HelpScreen'),
});

const guide = createRoute({
  getParentRoute: () => app,
  path: '/help/$guide',
  component: screen(() => import('../screens/help/help-screen.tsx'), 'HelpScreen'),
});

const routeTree = root.addChildren([
  ...visitorRoutes,
  app.addChildren([
    home,
    models,
    requests.addChildren([request]),
    activity,
    members,
    member,
    groups,
    group,
    roles,
    role,
    identity,
    directory,
    identityProvider,
    keys,
    workspaces,
    workspace,
    connectors,
    connector,
    ...moneyRoutes,
    meRoute,
    help,
    guide,
  ]),
]);

/** Every page of the console; each screen is its own chunk, loaded when it is first visited. */
export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Waiting lines={8} />,
  defaultErrorComponent: PageFailure,
  scrollRestoration: true,
});
