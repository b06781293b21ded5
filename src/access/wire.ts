import type * as contract from './contract.ts';
import type { RoleCounts } from './count-attachments.ts';
import type { EffectiveAccess } from './rules/effective-access.ts';
import { organisationAccessTo, roleAccessTo } from './rules/entitlements.ts';
import { isAlwaysAvailable, type Model } from './rules/model.ts';
import type { ModelIndex } from './rules/model-index.ts';
import type { PolicyEdit, PolicyState, Rewrite } from './rules/policy.ts';
import type { OrganisationAccess, RoleAccess } from './rules/types.ts';

const time = (ms: number): string => new Date(ms).toISOString();

/** A model with the organisation's rule for it, as the API shows it. */
export const toModelAccess = (model: Model, organisation: OrganisationAccess): contract.ModelAccess => {
  const access = organisationAccessTo(organisation, model);
  return {
    type: 'model_access',
    model: model.id,
    display_name: model.displayName,
    line: model.line,
    enabled: access.enabled,
    max_effort: access.maxEffort,
    efforts: [...model.efforts],
    default_effort: model.defaultEffort,
    always_available: isAlwaysAvailable(model),
    released_at: time(model.releasedAt),
    lifecycle: model.lifecycle,
    retires_at: model.retiresAt === null ? null : time(model.retiresAt),
  };
};

export const toRoleModel = (model: Model, role: RoleAccess, organisation: OrganisationAccess) => {
  const access = roleAccessTo(role, model);
  return {
    type: 'role_model_access' as const,
    model: model.id,
    enabled: access.enabled,
    max_effort: access.maxEffort,
    locked_by_organization: !organisationAccessTo(organisation, model).enabled,
  };
};

export const toRoleModels = (
  role: RoleAccess,
  organisation: OrganisationAccess,
  { index, counts }: { readonly index: ModelIndex; readonly counts: RoleCounts },
): contract.RoleModels => ({
  role_id: role.id,
  display_name: role.displayName,
  mode: role.models === 'all' ? 'all' : 'selected',
  default_model: role.defaultModel,
  default_effort: role.defaultEffort,
  group_count: counts.groups,
  member_count: counts.members,
  models: index.models.map((model) => toRoleModel(model, role, organisation)),
});

export const toSettings = (organisation: OrganisationAccess): contract.ModelSettings => ({
  default_model: organisation.defaultModel,
  default_effort: organisation.defaultEffort,
  new_models: organisation.newModels,
  effort_action: organisation.effortAction,
});

/** The evaluator's edits for one edit of the wire; settings are several in one. */
export const fromWireEdit = (edit: contract.PolicyEdit): readonly PolicyEdit[] => {
  switch (edit.type) {
    case 'organization_model':
      return saysNothing(edit) ? [] : [{ kind: 'organisation-model', model: edit.model, ...changesOf(edit) }];
    case 'role_model':
      return saysNothing(edit)
        ? []
        : [{ kind: 'role-model', role: edit.role_id, model: edit.model, ...changesOf(edit) }];
    case 'role_defaults':
      return [{ kind: 'role-default', role: edit.role_id, ...defaultsOf(edit) }];
    case 'organization_settings':
      return settingsEdits(edit);
    default: {
      const unexpected: never = edit;
      return unexpected;
    }
  }
};

type WireAccess = {
  readonly enabled?: boolean | undefined;
  readonly max_effort?: contract.ModelAccess['max_effort'] | undefined;
};

// An edit without a change must not turn a role that follows the organisation into one with a list of its own.
const saysNothing = ({ enabled, max_effort: maxEffort }: WireAccess): boolean =>
  enabled === undefined && maxEffort === undefined;

const changesOf = ({ enabled, max_effort: maxEffort }: WireAccess) => ({
  ...(enabled === undefined ? {} : { enabled }),
  ...(maxEffort === undefined ? {} : { maxEffort }),
});

type WireDefaults = Partial<Pick<contract.ModelSettings, 'default_model' | 'default_effort'>>;

const defaultsOf = ({ default_model: model, default_effort: effort }: WireDefaults) => ({
  ...(model === undefined ? {} : { model }),
  ...(effort === undefined ? {} : { effort }),
});

const settingsEdits = (settings: Partial<contract.ModelSettings>): readonly PolicyEdit[] => {
  const edits: PolicyEdit[] = [];
  const defaults = defaultsOf(settings);
  if (Object.keys(defaults).length > 0) edits.push({ kind: 'organisation-default', ...defaults });
  if (settings.effort_action !== undefined) edits.push({ kind: 'effort-action', action: settings.effort_action });
  if (settings.new_models !== undefined) edits.push({ kind: 'new-models', arrive: settings.new_models });
  return edits;
};

/** What was changed along with an edit, in a sentence. */
export const toSentence = (rewrite: Rewrite, state: PolicyState): string => {
  switch (rewrite.kind) {
    case 'role-cap':
      return `The cap of the role “${rewrite.role.displayName}” on ${rewrite.model} goes from ${rewrite.from} down to ${rewrite.to}.`;
    case 'organisation-default-effort':
      return `The organisation's default effort goes from ${rewrite.from} to ${rewrite.to ?? "the model's own"}.`;
    case 'role-default-effort':
      return `The default effort of the role “${rewrite.role.displayName}” goes from ${rewrite.from} to ${rewrite.to ?? "the model's own"}.`;
    case 'role-models-listed': {
      const role = state.roles.get(rewrite.role.id);
      return `The role “${role?.displayName ?? rewrite.role.displayName}” followed the organisation so far; from now on it has a list of its own, and models released later are off in it.`;
    }
    default: {
      const unexpected: never = rewrite;
      return unexpected;
    }
  }
};

/** What a subject may use, as the API shows it. */
export const toEffectiveAccess = (
  access: EffectiveAccess,
  subject: contract.EffectiveAccess['subject'],
  facts: { readonly index: ModelIndex; readonly organisationRole: string | null },
): contract.EffectiveAccess => ({
  type: 'effective_access',
  subject,
  organization_role: facts.organisationRole,
  bound_by_roles: access.rolesBind,
  explanation: access.sentence,
  default_model: access.defaultModel,
  default_effort: access.defaultEffort,
  models: access.models.map((one) => ({
    model: one.model,
    display_name: one.displayName,
    line: facts.index.byId.get(one.model)?.line ?? null,
    allowed: one.allowed,
    max_effort: one.cap,
    efforts: [...one.effortsLeft],
    stopped_by: one.stoppedBy === 'organisation' ? 'organization' : one.stoppedBy,
    granted_by: one.grantedBy.map(({ role, via }) => ({
      role_id: role.id,
      role_name: role.displayName,
      via: via.kind,
      rbac_group_id: via.kind === 'group' ? via.id : null,
      rbac_group_name: via.kind === 'group' ? via.name : null,
    })),
    explanation: one.sentence,
  })),
});
