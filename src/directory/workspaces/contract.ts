import { z } from 'zod';
import { endpoint, listOf, pageLimit } from '../../platform/contract.ts';

const geo = z.enum(['global', 'us']);

/** A workspace as the Admin API shows one (organisation APIs §1.4). */
export const Workspace = z.object({
  id: z.string(),
  type: z.literal('workspace'),
  name: z.string(),
  created_at: z.string(),
  archived_at: z.string().nullable(),
  display_color: z.string(),
  compartment_id: z.string(),
  data_residency: z.object({
    workspace_geo: z.literal('us'),
    allowed_inference_geos: z.union([z.array(geo), z.literal('unrestricted')]),
    default_inference_geo: geo,
  }),
  external_key_id: z.null(),
  tags: z.record(z.string(), z.string()),
  user_profile_id: z.null(),
});
export type Workspace = z.output<typeof Workspace>;

const ROLES = ['workspace_user', 'workspace_developer', 'workspace_restricted_developer', 'workspace_admin'] as const;
const role = z.enum(ROLES);
const anyRole = z.enum([...ROLES, 'workspace_billing']);

/** A member of a workspace (§1.5). */
export const WorkspaceMember = z.object({
  type: z.literal('workspace_member'),
  user_id: z.string(),
  workspace_id: z.string(),
  workspace_role: anyRole,
});
export type WorkspaceMember = z.output<typeof WorkspaceMember>;

const name = z.string().trim().min(1).max(255);
const color = z.string().regex(/^#[0-9a-fA-F]{6}$/, 'a colour is # and six hexadecimal digits');
const geos = z.union([z.array(geo).min(1), z.literal('unrestricted')]).nullish();
// Remit holds no keys of key services and no user profiles; null says so.
const none = z.null({ error: 'Remit has none of these; leave it out' }).optional();

const idPage = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item),
    has_more: z.boolean(),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
  });

const flag = z.enum(['true', 'false']).optional();

export const listWorkspaces = endpoint({
  method: 'GET',
  path: '/v1/organizations/workspaces',
  permission: 'keys:view',
  summary: 'List workspaces, oldest first; archived ones and the default one only when asked for',
  query: z.object({
    ids: listOf(z.string()).pipe(z.array(z.string()).max(100)),
    include_archived: flag,
    include_default: flag,
    limit: pageLimit,
    after_id: z.string().optional(),
    before_id: z.string().optional(),
  }),
  reply: idPage(Workspace),
});

export const createWorkspace = endpoint({
  method: 'POST',
  path: '/v1/organizations/workspaces',
  permission: 'owner',
  summary: 'Create a workspace; an organisation has a hundred at most',
  records: ['platform_workspace_created'],
  body: z.strictObject({
    name,
    display_color: color.nullish(),
    data_residency: z
      .strictObject({
        workspace_geo: z.literal('us').nullish(),
        allowed_inference_geos: geos,
        default_inference_geo: geo.nullish(),
      })
      .nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
    external_key_id: none,
    user_profile_id: none,
  }),
  reply: Workspace,
  errors: ['invalid_request'],
});

export const getWorkspace = endpoint({
  method: 'GET',
  path: '/v1/organizations/workspaces/:workspace_id',
  permission: 'keys:view',
  summary: 'Show a workspace',
  reply: Workspace,
  errors: ['not_found'],
});

export const updateWorkspace = endpoint({
  method: 'POST',
  path: '/v1/organizations/workspaces/:workspace_id',
  permission: 'owner',
  summary: 'Change a workspace; a tag whose value is null is deleted',
  records: ['platform_workspace_updated'],
  body: z.strictObject({
    name: name.optional(),
    display_color: color.optional(),
    data_residency: z.strictObject({ allowed_inference_geos: geos, default_inference_geo: geo.nullish() }).nullish(),
    tags: z.record(z.string(), z.string().nullable()).nullish(),
    external_key_id: none,
    user_profile_id: none,
  }),
  reply: Workspace,
  errors: ['not_found', 'invalid_request'],
});

export const archiveWorkspace = endpoint({
  method: 'POST',
  path: '/v1/organizations/workspaces/:workspace_id/archive',
  permission: 'owner',
  summary: 'Archive a workspace for good; its keys are archived with it',
  records: ['platform_workspace_archived'],
  reply: Workspace,
  errors: ['not_found', 'invalid_request'],
});

export const listWorkspaceMembers = endpoint({
  method: 'GET',
  path: '/v1/organizations/workspaces/:workspace_id/members',
  permission: 'keys:view',
  summary: "List a workspace's members; owners and admins are in every workspace and not listed",
  query: z.object({ limit: pageLimit, after_id: z.string().optional(), before_id: z.string().optional() }),
  reply: idPage(WorkspaceMember),
  errors: ['not_found'],
});

export const addWorkspaceMember = endpoint({
  method: 'POST',
  path: '/v1/organizations/workspaces/:workspace_id/members',
  permission: 'owner',
  summary: 'Put a member into a workspace',
  records: ['platform_workspace_member_added'],
  body: z.strictObject({ user_id: z.string(), workspace_role: role }),
  reply: WorkspaceMember,
  errors: ['not_found', 'invalid_request'],
});

export const getWorkspaceMember = endpoint({
  method: 'GET',
  path: '/v1/organizations/workspaces/:workspace_id/members/:user_id',
  permission: 'keys:view',
  summary: 'Show a member of a workspace',
  reply: WorkspaceMember,
  errors: ['not_found'],
});

export const updateWorkspaceMember = endpoint({
  method: 'POST',
  path: '/v1/organizations/workspaces/:workspace_id/members/:user_id',
  permission: 'owner',
  summary: "Change a member's role in a workspace",
  records: ['platform_workspace_member_updated'],
  body: z.strictObject({ workspace_role: anyRole }),
  reply: WorkspaceMember,
  errors: ['not_found', 'invalid_request'],
});

export const removeWorkspaceMember = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/workspaces/:workspace_id/members/:user_id',
  permission: 'owner',
  summary: 'Take a member out of a workspace; their personal keys in it are archived',
  records: ['platform_workspace_member_removed', 'platform_api_key_updated'],
  reply: z.object({ type: z.literal('workspace_member_deleted'), user_id: z.string(), workspace_id: z.string() }),
  errors: ['not_found', 'invalid_request'],
});
