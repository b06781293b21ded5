import { z } from 'zod';
import { endpoint, pageLimit } from '../../platform/contract.ts';
import {
  Directory,
  DirectoryChange,
  DirectoryMapping,
  DirectoryMode,
  DirectoryPlan,
  DirectoryRequest,
  DirectorySync,
  DirectoryToken,
  HeldRemoval,
} from './objects/contract.ts';

export type * from './objects/contract.ts';

const page = z.object({ limit: pageLimit, page: z.string().optional() });
const cursorPage = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), has_more: z.boolean(), next_page: z.string().nullable() });

const path = '/v1/organizations/directories' as const;
const one = `${path}/:directory_id` as const;

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain such as example.com');
const domains = z.array(domain).max(50);
const name = z.string().trim().min(1).max(255);
const share = z.number().int().min(0).max(100);

export const listDirectories = endpoint({
  method: 'GET',
  path,
  permission: 'identity:view',
  summary: 'List the directories that identity providers push into',
  reply: z.object({ data: z.array(Directory) }),
});

export const createDirectory = endpoint({
  method: 'POST',
  path,
  permission: 'identity:manage',
  summary: 'Make a directory; its token is in this answer and nowhere else',
  records: ['org_directory_sync_add_initiated'],
  body: z.strictObject({
    name,
    kind: z.literal('scim').default('scim'),
    mode: DirectoryMode.default('live'),
    authoritative_domains: domains.default([]),
    removal_share_percent: share.default(20),
  }),
  reply: Directory.extend({ token: z.string() }),
  errors: ['conflict'],
});

export const getDirectory = endpoint({
  method: 'GET',
  path: one,
  permission: 'identity:view',
  summary: 'Show a directory',
  reply: Directory,
  errors: ['not_found'],
});

export const updateDirectory = endpoint({
  method: 'POST',
  path: one,
  permission: 'identity:manage',
  summary: 'Change the settings of a directory; people stay as they are until the next change or sync',
  records: ['remit_directory_updated'],
  body: z.strictObject({
    name: name.optional(),
    mode: DirectoryMode.optional(),
    authoritative_domains: domains.optional(),
    maps_roles: z.boolean().optional(),
    removal_share_percent: share.optional(),
  }),
  reply: Directory,
  errors: ['not_found', 'conflict'],
});

export const deleteDirectory = endpoint({
  method: 'DELETE',
  path: one,
  permission: 'identity:manage',
  summary: 'Remove a directory; its people and groups stay and are managed here from then on',
  records: ['org_directory_sync_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('directory_deleted') }),
  errors: ['not_found'],
});

export const listDirectoryTokens = endpoint({
  method: 'GET',
  path: `${one}/tokens`,
  permission: 'identity:view',
  summary: "List a directory's tokens, newest first",
  reply: z.object({ data: z.array(DirectoryToken) }),
  errors: ['not_found'],
});

export const rotateDirectoryToken = endpoint({
  method: 'POST',
  path: `${one}/tokens`,
  permission: 'identity:manage',
  summary: 'Make a new token; the earlier ones count for some hours more, so that nothing is lost in between',
  records: ['remit_directory_token_created'],
  body: z.strictObject({ overlap_hours: z.number().min(0).max(720).default(24) }),
  reply: DirectoryToken.extend({ token: z.string() }),
  errors: ['not_found'],
});

export const revokeDirectoryToken = endpoint({
  method: 'DELETE',
  path: `${one}/tokens/:token_id`,
  permission: 'identity:manage',
  summary: 'End a token at once',
  records: ['remit_directory_token_revoked'],
  reply: z.object({ id: z.string(), type: z.literal('directory_token_revoked') }),
  errors: ['not_found'],
});

export const listDirectoryMappings = endpoint({
  method: 'GET',
  path: `${one}/mappings`,
  permission: 'identity:view',
  summary: 'List what the groups of a directory mean here: custom roles, organisation roles, types of seats',
  reply: z.object({ data: z.array(DirectoryMapping) }),
  errors: ['not_found'],
});

export const addDirectoryMapping = endpoint({
  method: 'POST',
  path: `${one}/mappings`,
  permission: 'identity:manage',
  summary:
    'Say what a group of the directory means; an organisation role or seat type takes the place of an earlier one',
  records: ['org_sso_group_role_mappings_updated', 'org_sso_seat_tier_mappings_updated', 'rbac_role_assigned'],
  body: z.strictObject({
    rbac_group_id: z.string(),
    kind: z.enum(['organization_role', 'rbac_role', 'seat_type']),
    value: z.string().trim().min(1).max(255),
  }),
  reply: DirectoryMapping,
  errors: ['not_found', 'permission_denied', 'invalid_request'],
});

export const removeDirectoryMapping = endpoint({
  method: 'DELETE',
  path: `${one}/mappings/:mapping_id`,
  permission: 'identity:manage',
  summary: 'Take a mapping away; people keep what they have until the next sync',
  records: ['org_sso_group_role_mappings_updated', 'org_sso_seat_tier_mappings_updated', 'rbac_role_unassigned'],
  reply: z.object({ id: z.string(), type: z.literal('directory_mapping_deleted') }),
  errors: ['not_found'],
});

export const previewDirectorySync = endpoint({
  method: 'GET',
  path: `${one}/sync_preview`,
  permission: 'identity:view',
  summary: 'What the next sync would add, change and remove; nothing is changed',
  reply: DirectoryPlan,
  errors: ['not_found'],
});

export const syncDirectory = endpoint({
  method: 'POST',
  path: `${one}/sync`,
  permission: 'identity:manage',
  summary: 'Bring everybody to where the directory and its mappings want them, now',
  records: [
    'org_directory_resync_started',
    'org_directory_resync_completed',
    'remit_user_restored',
    'remit_user_suspended',
    'remit_directory_removal_held',
    'org_user_deleted',
    'scim_user_deleted',
    'claude_user_role_updated',
  ],
  body: z.strictObject({
    /** Removals above the directory's share are done too, instead of being held. */
    approve_removals: z.boolean().default(false),
  }),
  reply: z.object({
    type: z.literal('directory_sync_result'),
    additions: z.number(),
    changes: z.number(),
    removals: z.number(),
    held_removal_count: z.number(),
  }),
  errors: ['not_found'],
});

export const listDirectorySyncs = endpoint({
  method: 'GET',
  path: `${one}/syncs`,
  permission: 'identity:view',
  summary: 'List what syncs have done, newest first; a pause of ten minutes separates two',
  query: page,
  reply: cursorPage(DirectorySync),
  errors: ['not_found'],
});

export const listDirectoryChanges = endpoint({
  method: 'GET',
  path: `${one}/syncs/:sync_id/changes`,
  permission: 'identity:view',
  summary: 'List what one sync has changed, in order',
  query: page,
  reply: cursorPage(DirectoryChange),
  errors: ['not_found'],
});

export const listHeldRemovals = endpoint({
  method: 'GET',
  path: `${one}/removals`,
  permission: 'identity:view',
  summary: 'List the removals that wait for approval, longest waiting first',
  query: page,
  reply: cursorPage(HeldRemoval),
  errors: ['not_found'],
});

const decision = z.strictObject({
  /** Which removals; all that wait when left out. */
  removal_ids: z.array(z.string()).min(1).max(1000).optional(),
});
const decided = z.object({ type: z.literal('held_removals_decided'), count: z.number() });

export const approveRemovals = endpoint({
  method: 'POST',
  path: `${one}/removals/approve`,
  permission: 'identity:manage',
  summary: 'Let held removals take place: keys, sessions and running streams end',
  records: ['remit_directory_removal_decided', 'remit_user_suspended', 'org_user_deleted', 'scim_user_deleted'],
  body: decision,
  reply: decided,
  errors: ['not_found'],
});

export const rejectRemovals = endpoint({
  method: 'POST',
  path: `${one}/removals/reject`,
  permission: 'identity:manage',
  summary: 'Keep the people whose removal is held; whom the identity provider deleted is managed here from then on',
  records: ['remit_directory_removal_decided'],
  body: decision,
  reply: decided,
  errors: ['not_found'],
});

export const listDirectoryRequests = endpoint({
  method: 'GET',
  path: `${one}/requests`,
  permission: 'identity:view',
  summary: "List the identity provider's last requests with their answers, newest first",
  query: page.extend({ failed: z.stringbool().optional() }),
  reply: cursorPage(DirectoryRequest),
  errors: ['not_found'],
});
