import { z } from 'zod';
import { CAPABILITIES, PERMISSION_AREAS, PERMISSION_LEVELS, TOOL_LEVELS } from '../../kernel/index.ts';
import { endpoint, pageLimit } from '../../platform/contract.ts';

const ToolLevel = z.enum(TOOL_LEVELS);
const toolName = z.string().min(1).max(128);
const tools = z.array(z.object({ name: z.string(), level: ToolLevel }));

/** What a custom role grants on connectors. A connector’s `level` holds for every tool that `tools` does not name. */
export const RoleConnectors = z.object({
  type: z.literal('role_connectors'),
  role_id: z.string(),
  /** Send it back as `if_version`, so that two administrators cannot overwrite each other. */
  version: z.string(),
  /** A level for every connector, those to come included; `custom`: each has its own, and one that is new is blocked. */
  all_connectors: z.enum([...TOOL_LEVELS, 'custom']),
  connectors: z.array(
    z.object({
      connector_id: z.string(),
      slug: z.string(),
      name: z.string(),
      level: ToolLevel,
      tools,
      /** The organisation’s word, which clips what roles grant. */
      organization_level: ToolLevel,
      organization_tools: tools,
    }),
  ),
});
export type RoleConnectors = z.output<typeof RoleConnectors>;

/** A permission of a role as the Admin API shows one (organisation APIs §1.9). */
export const RolePermission = z.object({
  type: z.literal('rbac_role_permission'),
  action: z.string(),
  resource: z.discriminatedUnion('type', [
    z.object({ type: z.literal('organization'), organization_id: z.string() }),
    z.object({ type: z.literal('all_connectors') }),
    z.object({ type: z.literal('connector'), connector_id: z.string() }),
    z.object({ type: z.literal('connector_tool'), connector_id: z.string(), tool_name: z.string() }),
  ]),
});

const GrantedBy = z.array(
  z.object({
    role_id: z.string(),
    role_name: z.string(),
    via: z.enum(['group', 'member']),
    rbac_group_id: z.string().nullable(),
    rbac_group_name: z.string().nullable(),
  }),
);

const ToolLine = z.object({
  /** Null for every tool that nobody has named. */
  name: z.string().nullable(),
  level: ToolLevel,
  /** Null unless blocked; otherwise the level that blocks it. */
  stopped_by: z.enum(['organization', 'roles']).nullable(),
  granted_by: GrantedBy,
});

/** Everything one member or group has by roles, line by line with who grants it; models have `effective_access`. */
export const EffectiveRole = z.object({
  type: z.literal('effective_role'),
  subject: z.object({ type: z.enum(['user', 'rbac_group']), id: z.string(), name: z.string() }),
  organization_role: z.string().nullable(),
  /** Whether custom roles bind this subject: only Custom (managed) members and service keys. */
  bound_by_roles: z.boolean(),
  /** Whose rules hold for this subject, in a sentence. */
  explanation: z.string(),
  roles: GrantedBy,
  capabilities: z.array(
    z.object({
      id: z.enum(CAPABILITIES),
      title: z.string(),
      kind: z.enum(['product', 'tool', 'feature']),
      enforced_by: z.enum(['gateway', 'client']),
      shown_by: z.string(),
      allowed: z.boolean(),
      stopped_by: z.enum(['installation', 'organization', 'roles']).nullable(),
      granted_by: GrantedBy,
    }),
  ),
  permissions: z.array(
    z.object({ area: z.enum(PERMISSION_AREAS), level: z.enum(PERMISSION_LEVELS), granted_by: GrantedBy }),
  ),
  connectors: z.array(
    z.object({ connector_id: z.string(), slug: z.string(), name: z.string(), tools: z.array(ToolLine) }),
  ),
});
export type EffectiveRole = z.output<typeof EffectiveRole>;

const ROOT = '/v1/organizations';

export const getRoleConnectors = endpoint({
  method: 'GET',
  path: `${ROOT}/rbac_roles/:role_id/connectors`,
  permission: 'identity:view',
  summary: 'What a custom role grants on connectors and their tools',
  reply: RoleConnectors,
  errors: ['not_found'],
});

export const setRoleConnectors = endpoint({
  method: 'POST',
  path: `${ROOT}/rbac_roles/:role_id/connectors`,
  permission: 'identity:manage',
  summary: 'Change what a custom role grants on connectors; a change of one makes the row for all of them custom',
  records: ['rbac_role_permission_added', 'rbac_role_permission_removed'],
  body: z.strictObject({
    all_connectors: z.enum([...TOOL_LEVELS, 'custom']).optional(),
    connectors: z
      .array(
        z.strictObject({
          connector_id: z.string(),
          level: ToolLevel.optional(),
          tools: z
            .array(z.strictObject({ name: toolName, level: ToolLevel.nullable() }))
            .max(1000)
            .optional(),
        }),
      )
      .max(500)
      .optional(),
    if_version: z.string().optional(),
  }),
  reply: RoleConnectors,
  errors: ['not_found', 'conflict'],
});

export const listRolePermissions = endpoint({
  method: 'GET',
  path: `${ROOT}/rbac_roles/:role_id/permissions`,
  permission: 'identity:view',
  scope: 'read:members',
  summary: 'Everything a custom role permits, row by row',
  query: z.object({ limit: pageLimit, page: z.string().optional() }),
  reply: z.object({ data: z.array(RolePermission), has_more: z.boolean(), next_page: z.string().nullable() }),
  errors: ['not_found'],
});

export const getUserRole = endpoint({
  method: 'GET',
  path: `${ROOT}/users/:user_id/effective_role`,
  permission: 'identity:view',
  summary: 'What all custom roles of a member come to, line by line with the role that grants it',
  reply: EffectiveRole,
  errors: ['not_found'],
});

export const getGroupRole = endpoint({
  method: 'GET',
  path: `${ROOT}/rbac_groups/:group_id/effective_role`,
  permission: 'identity:view',
  summary: 'What the custom roles of a group come to, as they hold for its service keys',
  reply: EffectiveRole,
  errors: ['not_found'],
});

export const getMyRole = endpoint({
  method: 'GET',
  path: '/v1/me/effective_role',
  permission: 'self',
  summary: 'What my roles come to',
  reply: EffectiveRole,
});
