import { PERMISSION_AREAS, type PermissionArea, type PermissionLevel, type ToolLevel } from '../../kernel/index.ts';
import type { RoleConnectors, ToolPolicy } from './connectors.ts';
import type { RoleAccess } from './types.ts';

/** What a permission of a role is about, as the Admin API names it (organisation APIs §1.9). */
export type PermissionResource =
  | { readonly type: 'organization'; readonly organization_id: string }
  | { readonly type: 'all_connectors' }
  | { readonly type: 'connector'; readonly connector_id: string }
  | { readonly type: 'connector_tool'; readonly connector_id: string; readonly tool_name: string };

/** One thing a role permits. */
export type PermissionRow = { readonly action: string; readonly resource: PermissionResource };

type OnOrganisation = (action: string) => PermissionRow;

const CAPABILITY_ACTIONS = {
  selected: null,
  generally_available: 'capability_access_all_ga',
  all: 'capability_access_all',
} as const;

const ofCapabilities = ({ capabilities: { access, selected } }: RoleAccess, row: OnOrganisation) => {
  const action = CAPABILITY_ACTIONS[access];
  return [
    ...(action === null ? [] : [row(action)]),
    ...[...selected].sort().map((capability) => row(`capability_access_${capability}`)),
  ];
};

const ofModels = ({ models }: RoleAccess, row: OnOrganisation): readonly PermissionRow[] => {
  if (models === 'all') return [row('model_access_all')];
  return [...models]
    .filter(([, { enabled }]) => enabled)
    .map(([model, { maxEffort }]) => row(`model_access:${model}${maxEffort === null ? '' : `:${maxEffort}`}`));
};

// What is blocked has no row, but for a tool under a connector that is open otherwise.
const CONNECTOR_ACTIONS: Readonly<Record<ToolLevel, string>> = {
  always: 'use',
  ask: 'use_with_approval',
  blocked: 'blocked',
};

const ofConnector = (id: string, { level, tools }: ToolPolicy): readonly PermissionRow[] => [
  ...(level === 'blocked'
    ? []
    : [{ action: CONNECTOR_ACTIONS[level], resource: { type: 'connector' as const, connector_id: id } }]),
  ...[...tools]
    .filter(([, own]) => own !== level)
    .map(([tool, own]) => ({
      action: CONNECTOR_ACTIONS[own],
      resource: { type: 'connector_tool' as const, connector_id: id, tool_name: tool },
    })),
];

const ofConnectors = ({ all, connectors }: RoleConnectors): readonly PermissionRow[] => {
  if (all === 'custom') return [...connectors].flatMap(([id, policy]) => ofConnector(id, policy));
  return all === 'blocked' ? [] : [{ action: CONNECTOR_ACTIONS[all], resource: { type: 'all_connectors' } }];
};

/** What of a role its rows are made from; areas of administration without a level are not permitted. */
export type PermissionFacts = {
  readonly role: RoleAccess;
  readonly areas: Readonly<Partial<Record<PermissionArea, PermissionLevel>>>;
  readonly organisationId: string;
};

/**
 * Everything a custom role permits, row by row (access reference §3.8): capabilities, administration
 * (`permission_{area}_{level}`), models (`model_access:{model}` with the highest effort), connectors and their tools.
 */
export const permissionRows = ({ role, areas, organisationId }: PermissionFacts): readonly PermissionRow[] => {
  const row: OnOrganisation = (action) => ({
    action,
    resource: { type: 'organization', organization_id: organisationId },
  });
  return [
    ...ofCapabilities(role, row),
    ...PERMISSION_AREAS.flatMap((area) => {
      const level = areas[area] ?? 'none';
      return level === 'none' ? [] : [row(`permission_${area}_${level}`)];
    }),
    ...ofModels(role, row),
    ...ofConnectors(role.connectors),
  ];
};

const resourceId = (resource: PermissionResource): string => {
  switch (resource.type) {
    case 'organization':
      return resource.organization_id;
    case 'all_connectors':
      return 'all';
    case 'connector':
      return resource.connector_id;
    case 'connector_tool':
      return `${resource.connector_id}/${resource.tool_name}`;
    default: {
      const unexpected: never = resource;
      return unexpected;
    }
  }
};

/** Names a row; no two of a role are alike. */
export const permissionKey = ({ action, resource }: PermissionRow): string =>
  `${resource.type} ${resourceId(resource)} ${action}`;

/** What one set of rows has that the other lacks, as the feed of activities names permissions. */
export const rowsOnlyIn = (rows: readonly PermissionRow[], others: readonly PermissionRow[]) => {
  const known = new Set(others.map(permissionKey));
  return rows
    .filter((row) => !known.has(permissionKey(row)))
    .map(({ action, resource }) => ({ action, resource_type: resource.type, resource_id: resourceId(resource) }));
};
