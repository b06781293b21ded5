import { z } from 'zod';
import { ADMIN_SCOPES } from '../../kernel/index.ts';
import { endpoint, pageLimit } from '../../platform/contract.ts';

/**
 * A key as the Admin API shows one (organisation APIs §1.6). `principal` is the member a personal key acts as; a
 * service key has `rbac_group_id` instead, the group whose rules bind it.
 */
export const ApiKey = z.object({
  id: z.string(),
  type: z.literal('api_key'),
  name: z.string(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  created_by: z.object({ id: z.string(), type: z.enum(['user', 'service_account']) }).nullable(),
  partial_key_hint: z.string(),
  status: z.enum(['active', 'inactive', 'archived', 'expired']),
  principal: z.object({ type: z.literal('user_actor'), user_id: z.string() }).nullable(),
  rbac_group_id: z.string().nullable(),
  /** The workspace a key belongs to; one of the organisation may name any that its owner is in. */
  scope: z.union([
    z.object({ type: z.literal('organization') }),
    z.object({ type: z.literal('workspace'), workspace_id: z.string() }),
  ]),
  /** What named the workspace in version 2023-06-01; null is the default one, or all of them. */
  workspace_id: z.string().nullable(),
});
export type ApiKey = z.output<typeof ApiKey>;

export const ApiKeyWithSecret = ApiKey.extend({ key: z.string() });

const name = z.string().trim().min(1).max(255);
const page = z.object({
  data: z.array(ApiKey),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

export const createApiKey = endpoint({
  method: 'POST',
  path: '/v1/organizations/api_keys',
  permission: 'keys:manage',
  dropped: ['workspace_id'],
  summary: 'Create a personal key of a member, or a service key of a group; `key` is shown this once',
  records: ['platform_api_key_created', 'service_key_created'],
  body: z
    .strictObject({
      name,
      user_id: z.string().optional(),
      rbac_group_id: z.string().optional(),
      workspace_id: z.string().optional(),
      expires_at: z.iso.datetime({ offset: true }).optional(),
    })
    .refine(({ user_id, rbac_group_id }) => (user_id === undefined) !== (rbac_group_id === undefined), {
      message: 'give either user_id (a personal key) or rbac_group_id (a service key)',
    }),
  reply: ApiKeyWithSecret,
  errors: ['not_found'],
});

export const listApiKeys = endpoint({
  method: 'GET',
  path: '/v1/organizations/api_keys',
  permission: 'keys:view',
  dropped: ['workspace_id'],
  summary: 'List keys, newest first unless they are sorted otherwise; secrets are never shown again',
  query: z.object({
    status: z.enum(['active', 'inactive', 'archived', 'expired']).optional(),
    created_by_user_id: z.string().optional(),
    user_id: z.string().optional(),
    rbac_group_id: z.string().optional(),
    workspace_id: z.string().optional(),
    /** Part of a name, or of what is shown of the key itself. */
    search: z.string().max(255).optional(),
    /** When they were made, or their name. */
    sort_by: z.enum(['created', 'name']).default('created'),
    /** `desc` when absent, which is the newest first; `asc` for names. */
    sort_order: z.enum(['asc', 'desc']).optional(),
    limit: pageLimit,
    after_id: z.string().optional(),
    before_id: z.string().optional(),
  }),
  reply: page,
});

export const getApiKey = endpoint({
  method: 'GET',
  path: '/v1/organizations/api_keys/:api_key_id',
  permission: 'keys:view',
  dropped: ['workspace_id'],
  summary: 'Show a key',
  reply: ApiKey,
  errors: ['not_found'],
});

export const updateApiKey = endpoint({
  method: 'POST',
  path: '/v1/organizations/api_keys/:api_key_id',
  permission: 'keys:manage',
  dropped: ['workspace_id'],
  summary: 'Rename a key, switch it off (inactive) and on again, or revoke it for good (archived)',
  records: ['platform_api_key_updated', 'service_key_revoked'],
  body: z.strictObject({ name: name.nullish(), status: z.enum(['active', 'inactive', 'archived']).nullish() }),
  reply: ApiKey,
  errors: ['not_found', 'invalid_request'],
});

export const listMyApiKeys = endpoint({
  method: 'GET',
  path: '/v1/me/api_keys',
  permission: 'self',
  dropped: ['workspace_id'],
  summary: 'My keys',
  reply: z.object({ data: z.array(ApiKey) }),
});

export const createMyApiKey = endpoint({
  method: 'POST',
  path: '/v1/me/api_keys',
  permission: 'self',
  dropped: ['workspace_id'],
  summary: 'Create a key of my own; `key` is shown this once',
  records: ['platform_api_key_created'],
  body: z.strictObject({ name }),
  reply: ApiKeyWithSecret,
});

export const revokeMyApiKey = endpoint({
  method: 'DELETE',
  path: '/v1/me/api_keys/:api_key_id',
  permission: 'self',
  dropped: ['workspace_id'],
  summary: 'Revoke a key of my own for good',
  records: ['platform_api_key_updated'],
  reply: ApiKey,
  errors: ['not_found'],
});

/** An admin key. `scopes` null: it may do everything; otherwise only what its scopes name (organisation APIs §0.2). */
export const AdminKey = z.object({
  id: z.string(),
  type: z.literal('admin_key'),
  name: z.string(),
  scopes: z.array(z.enum(ADMIN_SCOPES)).nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  created_by: z.object({ id: z.string(), type: z.literal('user') }).nullable(),
  partial_key_hint: z.string(),
  status: z.enum(['active', 'inactive', 'archived', 'expired']),
  /** `config`: given by the configuration, and taken away there. */
  origin: z.enum(['created', 'config']),
});
export type AdminKey = z.output<typeof AdminKey>;

export const listAdminKeys = endpoint({
  method: 'GET',
  path: '/v1/organizations/admin_keys',
  permission: 'owner',
  summary: 'List admin keys, newest first',
  reply: z.object({ data: z.array(AdminKey) }),
});

export const createAdminKey = endpoint({
  method: 'POST',
  path: '/v1/organizations/admin_keys',
  permission: 'owner',
  summary: 'Create an admin key; only an owner who is signed in may. `key` is shown this once',
  records: ['admin_api_key_created'],
  body: z.strictObject({
    name,
    /** What it is for; null for everything. */
    scopes: z.array(z.enum(ADMIN_SCOPES)).min(1).nullable(),
    expires_at: z.iso.datetime({ offset: true }).optional(),
  }),
  reply: AdminKey.extend({ key: z.string() }),
  errors: ['permission_denied', 'invalid_request'],
});

export const revokeAdminKey = endpoint({
  method: 'DELETE',
  path: '/v1/organizations/admin_keys/:api_key_id',
  permission: 'owner',
  summary: 'Revoke an admin key for good',
  records: ['admin_api_key_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('admin_key_deleted') }),
  errors: ['not_found', 'invalid_request'],
});
