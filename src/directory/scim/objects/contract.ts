import { z } from 'zod';

/** `preview`: what arrives is kept and changes nobody's access until an administrator applies it. */
export const DirectoryMode = z.enum(['live', 'preview']);
/** A directory that an identity provider pushes people and groups into. */
export const Directory = z.object({
  id: z.string(),
  type: z.literal('directory'),
  kind: z.literal('scim'),
  name: z.string(),
  mode: DirectoryMode,
  authoritative_domains: z.array(z.string()),
  maps_roles: z.boolean(),
  removal_share_percent: z.number(),
  /** What the identity provider is given as the address of the service. */
  scim_url: z.string(),
  user_count: z.number(),
  group_count: z.number(),
  held_removal_count: z.number(),
  last_synced_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Directory = z.output<typeof Directory>;

export const DirectoryToken = z.object({
  id: z.string(),
  type: z.literal('directory_token'),
  hint: z.string(),
  status: z.enum(['active', 'ending', 'ended']),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});
export type DirectoryToken = z.output<typeof DirectoryToken>;

/** What being in a group of the directory means. A seat type becomes the `seat_tier` of members in the group. */
export const DirectoryMapping = z.object({
  id: z.string(),
  type: z.literal('directory_mapping'),
  rbac_group_id: z.string(),
  group_name: z.string(),
  kind: z.enum(['organization_role', 'rbac_role', 'seat_type']),
  value: z.string(),
});
export type DirectoryMapping = z.output<typeof DirectoryMapping>;

const PlannedChange = z.object({ user_id: z.string(), email: z.string(), name: z.string(), detail: z.string() });
export type PlannedChange = z.output<typeof PlannedChange>;

const Planned = z.object({
  count: z.number(),
  /** The first thousand. */
  people: z.array(PlannedChange),
});

/** What the next sync would do, if it came now. */
export const DirectoryPlan = z.object({
  type: z.literal('directory_plan'),
  additions: Planned,
  changes: Planned,
  removals: Planned,
  /** How many of the removals would wait for approval, or wait already. */
  held_removal_count: z.number(),
  member_count: z.number(),
});
export type DirectoryPlan = z.output<typeof DirectoryPlan>;

export const DirectorySync = z.object({
  id: z.string(),
  type: z.literal('directory_sync'),
  started_at: z.string(),
  last_change_at: z.string(),
  users_added: z.number(),
  users_changed: z.number(),
  users_removed: z.number(),
  removals_held: z.number(),
  groups_changed: z.number(),
  members_added: z.number(),
  members_removed: z.number(),
});
export type DirectorySync = z.output<typeof DirectorySync>;

export const DirectoryChange = z.object({
  id: z.string(),
  type: z.literal('directory_change'),
  at: z.string(),
  kind: z.string(),
  user_id: z.string().nullable(),
  rbac_group_id: z.string().nullable(),
  people: z.number(),
  detail: z.string(),
});
export type DirectoryChange = z.output<typeof DirectoryChange>;

export const HeldRemoval = z.object({
  id: z.string(),
  type: z.literal('held_removal'),
  user_id: z.string(),
  email: z.string(),
  name: z.string(),
  reason: z.enum(['deactivated', 'deleted', 'unmapped']),
  held_at: z.string(),
});
export type HeldRemoval = z.output<typeof HeldRemoval>;

/** A request of the identity provider. Secrets, telephone numbers and postal addresses are hidden in the bodies. */
export const DirectoryRequest = z.object({
  id: z.string(),
  type: z.literal('directory_request'),
  at: z.string(),
  method: z.string(),
  path: z.string(),
  status: z.number(),
  duration_ms: z.number(),
  user_agent: z.string().nullable(),
  request_body: z.string().nullable(),
  response_body: z.string().nullable(),
});
export type DirectoryRequest = z.output<typeof DirectoryRequest>;
