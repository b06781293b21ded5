import { notFound, permissionStore, readOrganisationId } from '../../directory/index.ts';
import { type Actor, Refusal } from '../../kernel/index.ts';
import { cursorPage, type Position, type Route, readCursor, route } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { changeRoleConnectors, roleConnectorsVersion } from '../connectors/change-role-connectors.ts';
import { connectorStore, type StoredConnector } from '../connectors/store.ts';
import { explainAccess } from '../rules/effective-access.ts';
import { effectiveRole } from '../rules/effective-role.ts';
import type { Entitlements } from '../rules/entitlements.ts';
import { type PermissionRow, permissionKey, permissionRows } from '../rules/role-permissions.ts';
import type { RoleAccess } from '../rules/types.ts';
import { compiledIn, principalOfGroup, principalOfMember } from '../snapshot.ts';
import { accessStore } from '../store.ts';
import * as contract from './contract.ts';
import { toEffectiveRole, toolsToWire } from './wire.ts';

/** Binds the endpoints about what roles grant, as far as no part of its own has them. */
export const roleRightsRoutes = (deps: AccessDeps): readonly Route[] => [
  ...connectorTabRoutes(deps),
  ...permissionRoutes(deps),
  ...effectiveRoleRoutes(deps),
];

const findRole = async ({ database }: AccessDeps, id: string): Promise<RoleAccess> => {
  const role = (await accessStore(database).readRoles([id])).get(id);
  if (role === undefined) throw notFound('custom role', id);
  return role;
};

const toConnectorTab = (role: RoleAccess, registered: readonly StoredConnector[]): contract.RoleConnectors => ({
  type: 'role_connectors',
  role_id: role.id,
  version: roleConnectorsVersion(role),
  all_connectors: role.connectors.all,
  connectors: registered.map(({ id, slug, name, policy }) => {
    const { all, connectors } = role.connectors;
    const own = connectors.get(id);
    return {
      connector_id: id,
      slug,
      name,
      level: all === 'custom' ? (own?.level ?? 'blocked') : all,
      tools: all === 'custom' && own !== undefined ? toolsToWire(own.tools) : [],
      organization_level: policy.level,
      organization_tools: toolsToWire(policy.tools),
    };
  }),
});

const connectorTabRoutes = (deps: AccessDeps): readonly Route[] => {
  const show = async (id: string) =>
    toConnectorTab(await findRole(deps, id), await connectorStore(deps.database).list());
  return [
    route(contract.getRoleConnectors, ({ params }) => show(params.role_id)),
    route(contract.setRoleConnectors, async ({ params, body, by }) => {
      const change = {
        all: body.all_connectors,
        connectors: body.connectors?.map(({ connector_id: id, ...rest }) => ({ id, ...rest })),
      };
      await changeRoleConnectors(deps)(params.role_id, change, by, body.if_version);
      return show(params.role_id);
    }),
  ];
};

const permissionRoutes = (deps: AccessDeps): readonly Route[] => [
  route(contract.listRolePermissions, async ({ params, query }) => {
    const role = await findRole(deps, params.role_id);
    const areas = await permissionStore(deps.database).read(role.id);
    const rows = permissionRows({ role, areas, organisationId: await readOrganisationId(deps.database) });
    const filters = ['role permissions', role.id];
    const rest = rows.slice(startIn(rows, readCursor(query.page, filters)));
    const shape = { toItem: toPermission, positionOf: (row: PermissionRow) => [permissionKey(row)] };
    return cursorPage(rest, { limit: query.limit, filters }, shape);
  }),
];

const toPermission = (row: PermissionRow) => ({ type: 'rbac_role_permission' as const, ...row });

/** Where a list goes on behind the row a cursor names; a row that is gone in the meantime refuses. */
const startIn = (rows: readonly PermissionRow[], position: Position | undefined): number => {
  if (position === undefined) return 0;
  const place = rows.findIndex((row) => permissionKey(row) === position[0]);
  if (place === -1) throw new Refusal('invalid_request', 'This role has changed meanwhile. List it from the start.');
  return place + 1;
};

const effectiveRoleRoutes = (deps: AccessDeps): readonly Route[] => {
  const show = async (
    entitlements: Entitlements,
    subject: contract.EffectiveRole['subject'],
    organisationRole: string | null,
  ): Promise<contract.EffectiveRole> => {
    const areas = await permissionStore(deps.database).readAll();
    const { connectors } = deps.policy.current().organisation;
    const { rolesBind, sentence } = explainAccess(entitlements);
    return toEffectiveRole(effectiveRole(entitlements, { connectors, areas }), {
      subject,
      organization_role: organisationRole,
      bound_by_roles: rolesBind,
      explanation: sentence,
    });
  };
  const ofMember = async (userId: string): Promise<contract.EffectiveRole> => {
    await deps.policy.refresh();
    const snapshot = deps.policy.current();
    const member = snapshot.members.get(userId);
    if (member === undefined) throw notFound('member', userId);
    const { entitlements } = compiledIn(snapshot, userId, () => principalOfMember(snapshot, member));
    return show(entitlements, { type: 'user', id: member.id, name: member.name }, member.role);
  };
  return [
    route(contract.getUserRole, ({ params }) => ofMember(params.user_id)),
    route(contract.getMyRole, ({ actor }) => ofMember(memberIdOf(actor))),
    route(contract.getGroupRole, async ({ params }) => {
      await deps.policy.refresh();
      const snapshot = deps.policy.current();
      const group = snapshot.groups.get(params.group_id);
      if (group === undefined) throw notFound('group', params.group_id);
      const { entitlements } = compiledIn(snapshot, group.id, () => principalOfGroup(snapshot, group));
      return show(entitlements, { type: 'rbac_group', id: group.id, name: group.name }, null);
    }),
  ];
};

const memberIdOf = (actor: Actor): string => {
  if (actor.kind !== 'member') throw new Refusal('permission_denied', 'This answers about a member.');
  return actor.userId;
};
