import { z } from 'zod';
import { EFFORTS } from '../kernel/index.ts';
import { endpoint } from '../platform/contract.ts';

export * from './capabilities/contract.ts';
export * from './connectors/contract.ts';
export * from './roles/contract.ts';

const Effort = z.enum(EFFORTS);
const Line = z.enum(['haiku', 'sonnet', 'opus', 'fable', 'mythos']).nullable();

/** A model and the organisation's rule for it. `max_effort: null` is no cap: the model's highest level. */
export const ModelAccess = z.object({
  type: z.literal('model_access'),
  model: z.string(),
  display_name: z.string(),
  line: Line,
  enabled: z.boolean(),
  max_effort: Effort.nullable(),
  /** The levels the model itself offers; empty for models that take a thinking budget instead. */
  efforts: z.array(Effort),
  default_effort: Effort.nullable(),
  /** Haiku models cannot be switched off. */
  always_available: z.boolean(),
  released_at: z.string(),
  lifecycle: z.enum(['active', 'deprecated', 'retired']),
  retires_at: z.string().nullable(),
});
export type ModelAccess = z.output<typeof ModelAccess>;

export const RoleModelAccess = z.object({
  type: z.literal('role_model_access'),
  model: z.string(),
  enabled: z.boolean(),
  max_effort: Effort.nullable(),
  /** True where the organisation has switched the model off: the role's own setting waits without effect. */
  locked_by_organization: z.boolean(),
});

export const RoleModels = z.object({
  role_id: z.string(),
  display_name: z.string(),
  /** `all`: nobody has edited this role's models; it gives whatever the organisation allows. */
  mode: z.enum(['all', 'selected']),
  default_model: z.string().nullable(),
  default_effort: Effort.nullable(),
  group_count: z.number(),
  member_count: z.number(),
  models: z.array(RoleModelAccess),
});
export type RoleModels = z.output<typeof RoleModels>;

/** `default_model: null` follows the recommendation: the newest allowed Opus, else Sonnet, else Haiku. */
export const ModelSettings = z.object({
  default_model: z.string().nullable(),
  default_effort: Effort.nullable(),
  /** Whether a model that is released later arrives switched on for the organisation. */
  new_models: z.enum(['on', 'off']),
  /** What happens to a request above its cap: lowered, refused, or only noted. */
  effort_action: z.enum(['clamp', 'refuse', 'observe']),
});
export type ModelSettings = z.output<typeof ModelSettings>;

export const ModelMatrix = z.object({
  type: z.literal('model_matrix'),
  /** The version of the rules about models; send it back as `if_version` so that two administrators cannot overwrite each other. */
  version: z.number(),
  settings: ModelSettings,
  models: z.array(ModelAccess),
  roles: z.array(RoleModels),
});
export type ModelMatrix = z.output<typeof ModelMatrix>;

const modelEdit = { enabled: z.boolean().optional(), max_effort: Effort.nullable().optional() };

export const PolicyEdit = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('organization_model'), model: z.string(), ...modelEdit }),
  z.strictObject({ type: z.literal('role_model'), role_id: z.string(), model: z.string(), ...modelEdit }),
  z.strictObject({ type: z.literal('organization_settings'), ...ModelSettings.partial().shape }),
  z.strictObject({
    type: z.literal('role_defaults'),
    role_id: z.string(),
    default_model: z.string().nullable().optional(),
    default_effort: Effort.nullable().optional(),
  }),
]);
export type PolicyEdit = z.output<typeof PolicyEdit>;

const edits = z.array(PolicyEdit).min(1).max(2000);

/** What saving a set of edits would do, by replaying the last 30 days' requests through the evaluator. */
export const PolicyPreview = z.object({
  type: z.literal('policy_preview'),
  members: z.object({
    gaining: z.number(),
    losing: z.number(),
    per_model: z.array(
      z.object({
        model: z.string(),
        gained: z.number(),
        lost: z.number(),
        cap_lowered: z.number(),
        cap_raised: z.number(),
      }),
    ),
  }),
  requests: z.object({
    days: z.number(),
    total: z.number(),
    newly_denied: z.number(),
    newly_clamped: z.number(),
    newly_allowed: z.number(),
    /** True when there were more requests than are replayed; the newest are. */
    truncated: z.boolean(),
  }),
  /** Caps and defaults that would be lowered along with the edits, as sentences. */
  rewritten: z.array(z.string()),
});
export type PolicyPreview = z.output<typeof PolicyPreview>;

/** What one member, group or key may use, and why. */
export const EffectiveAccess = z.object({
  type: z.literal('effective_access'),
  subject: z.object({ type: z.enum(['user', 'rbac_group']), id: z.string(), name: z.string() }),
  organization_role: z.string().nullable(),
  /** Whether custom roles bind this subject: only Custom (managed) members and service keys. */
  bound_by_roles: z.boolean(),
  /** Whose rules hold for this subject, in a sentence. */
  explanation: z.string(),
  default_model: z.string().nullable(),
  default_effort: Effort.nullable(),
  models: z.array(
    z.object({
      model: z.string(),
      display_name: z.string(),
      line: Line,
      allowed: z.boolean(),
      max_effort: Effort.nullable(),
      /** The levels left to the subject. */
      efforts: z.array(Effort),
      /** Null when allowed; otherwise the level that stops it. */
      stopped_by: z.enum(['organization', 'roles']).nullable(),
      granted_by: z.array(
        z.object({
          role_id: z.string(),
          role_name: z.string(),
          via: z.enum(['group', 'member']),
          rbac_group_id: z.string().nullable(),
          rbac_group_name: z.string().nullable(),
        }),
      ),
      explanation: z.string(),
    }),
  ),
});
export type EffectiveAccess = z.output<typeof EffectiveAccess>;

const modelBody = z.strictObject(modelEdit);
const ROOT = '/v1/organizations';

export const getModelMatrix = endpoint({
  method: 'GET',
  path: `${ROOT}/model_matrix`,
  permission: 'identity:view',
  summary: 'Every model with the rules of the organisation and of each custom role',
  reply: ModelMatrix,
});

export const changeModelMatrix = endpoint({
  method: 'POST',
  path: `${ROOT}/model_matrix`,
  permission: 'identity:manage',
  summary: 'Save several edits at once: all of them or none',
  records: ['remit_model_access_updated', 'org_model_default_updated', 'claude_organization_settings_updated'],
  body: z.strictObject({ edits, if_version: z.number().int().optional() }),
  reply: ModelMatrix,
  errors: ['conflict', 'invalid_request', 'not_found'],
});

export const previewModelMatrix = endpoint({
  method: 'POST',
  path: `${ROOT}/model_matrix/preview`,
  permission: 'identity:view',
  summary: 'What a set of edits would change, without saving it',
  records: [],
  body: z.strictObject({ edits }),
  reply: PolicyPreview,
  errors: ['invalid_request', 'not_found'],
});

export const listModelAccess = endpoint({
  method: 'GET',
  path: `${ROOT}/model_access`,
  permission: 'identity:view',
  summary: "The organisation's rule for every model",
  reply: z.object({ data: z.array(ModelAccess) }),
});

export const getModelAccess = endpoint({
  method: 'GET',
  path: `${ROOT}/model_access/:model`,
  permission: 'identity:view',
  summary: "The organisation's rule for one model",
  reply: ModelAccess,
  errors: ['not_found'],
});

export const setModelAccess = endpoint({
  method: 'POST',
  path: `${ROOT}/model_access/:model`,
  permission: 'identity:manage',
  summary: 'Switch a model on or off for everyone, or cap its effort; higher role caps are lowered with it',
  records: ['remit_model_access_updated'],
  body: modelBody,
  reply: ModelAccess,
  errors: ['not_found', 'invalid_request', 'conflict'],
});

export const getModelSettings = endpoint({
  method: 'GET',
  path: `${ROOT}/model_settings`,
  permission: 'identity:view',
  summary: 'Default model and effort, and what happens to new models and to too high an effort',
  reply: ModelSettings,
});

export const setModelSettings = endpoint({
  method: 'POST',
  path: `${ROOT}/model_settings`,
  permission: 'identity:manage',
  summary: 'Change the defaults and the policy for new models and too high an effort',
  records: ['claude_organization_settings_updated', 'org_model_default_updated'],
  body: ModelSettings.partial().strict(),
  reply: ModelSettings,
  errors: ['invalid_request'],
});

export const getRoleModels = endpoint({
  method: 'GET',
  path: `${ROOT}/rbac_roles/:role_id/model_access`,
  permission: 'identity:view',
  summary: 'The models a custom role grants',
  reply: RoleModels,
  errors: ['not_found'],
});

export const setRoleModelAccess = endpoint({
  method: 'POST',
  path: `${ROOT}/rbac_roles/:role_id/model_access/:model`,
  permission: 'identity:manage',
  summary: 'Grant a model to a custom role or take it away, with its highest effort',
  records: ['remit_model_access_updated'],
  body: modelBody,
  reply: RoleModelAccess,
  errors: ['not_found', 'invalid_request'],
});

export const setRoleDefaults = endpoint({
  method: 'POST',
  path: `${ROOT}/rbac_roles/:role_id/model_defaults`,
  permission: 'identity:manage',
  summary: "A custom role's default model and effort; null follows the organisation",
  records: ['org_model_default_updated'],
  body: z.strictObject({
    default_model: z.string().nullable().optional(),
    default_effort: Effort.nullable().optional(),
  }),
  reply: RoleModels,
  errors: ['not_found', 'invalid_request'],
});

export const getUserAccess = endpoint({
  method: 'GET',
  path: `${ROOT}/users/:user_id/effective_access`,
  permission: 'identity:view',
  summary: 'What a member may use, with the role that grants it or the level that stops it',
  reply: EffectiveAccess,
  errors: ['not_found'],
});

export const getGroupAccess = endpoint({
  method: 'GET',
  path: `${ROOT}/rbac_groups/:group_id/effective_access`,
  permission: 'identity:view',
  summary: "What a group's service keys may use",
  reply: EffectiveAccess,
  errors: ['not_found'],
});

export const getMyAccess = endpoint({
  method: 'GET',
  path: '/v1/me/effective_access',
  permission: 'self',
  summary: 'What I may use',
  reply: EffectiveAccess,
});
