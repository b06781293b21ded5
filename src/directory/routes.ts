import type { Route } from '../platform/index.ts';
import { apiKeyRoutes } from './api-keys/routes.ts';
import type { DirectoryDeps } from './deps.ts';
import { deviceGrantRoutes } from './device-grants/routes.ts';
import { groupRoutes } from './groups/routes.ts';
import { inviteRoutes } from './invites/routes.ts';
import { memberRoutes } from './members/routes.ts';
import { roleRoutes } from './roles/routes.ts';
import { scimRoutes } from './scim/routes.ts';
import { createOidcClient, type OidcClient } from './sign-in/providers/oidc-client.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { workspaceRoutes } from './workspaces/routes.ts';

/** Every endpoint of the room, bound. `publicUrl` is where members reach this installation. */
export const directoryRoutes = (
  deps: DirectoryDeps,
  publicUrl: () => string,
  oidc: OidcClient = createOidcClient([]),
): readonly Route[] => [
  ...signInRoutes({ ...deps, publicUrl, oidc }),
  ...deviceGrantRoutes(deps),
  ...memberRoutes(deps, publicUrl),
  ...inviteRoutes(deps, publicUrl),
  ...groupRoutes(deps),
  ...roleRoutes(deps),
  ...apiKeyRoutes(deps),
  ...workspaceRoutes(deps),
  ...scimRoutes(deps, publicUrl),
];
