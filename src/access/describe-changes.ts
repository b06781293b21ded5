import type { NewActivity, Update } from '../activity/index.ts';
import type { PolicyState } from './rules/policy.ts';
import type { ModelAccess, OrganisationAccess, RoleAccess } from './rules/types.ts';

/** Whose level changed, as activities name it. */
type Principal = { readonly principal_type: 'org' | 'rbac_role'; readonly principal_id: string };

const update = (type: string, previous: unknown, current: unknown): readonly Update[] =>
  previous === current ? [] : [{ type, previous_value: previous, current_value: current }];

const NEW: { readonly [Field in keyof ModelAccess]: null } = { enabled: null, maxEffort: null };

const modelChanges = (
  principal: Principal,
  before: ReadonlyMap<string, ModelAccess>,
  after: ReadonlyMap<string, ModelAccess>,
): readonly NewActivity[] =>
  [...after].flatMap(([model, now]) => {
    const was = before.get(model) ?? NEW;
    const updates = [
      ...update('enabled', was.enabled, now.enabled),
      ...update('max_effort', was.maxEffort, now.maxEffort),
    ];
    return updates.length === 0 ? [] : [{ type: 'remit_model_access_updated' as const, ...principal, model, updates }];
  });

type Defaults = Pick<OrganisationAccess, 'defaultModel' | 'defaultEffort'>;

const defaultChanges = (principal: Principal, before: Defaults, after: Defaults): readonly NewActivity[] =>
  before.defaultModel === after.defaultModel && before.defaultEffort === after.defaultEffort
    ? []
    : [
        {
          type: 'org_model_default_updated',
          ...principal,
          action: after.defaultModel === null ? 'cleared' : 'set',
          override_user_selection: false,
          default_model: after.defaultModel,
        },
      ];

const listOf = ({ models }: RoleAccess): ReadonlyMap<string, ModelAccess> => (models === 'all' ? new Map() : models);

const roleChanges = (before: RoleAccess | undefined, after: RoleAccess): readonly NewActivity[] => {
  if (before === undefined || before === after) return [];
  const principal: Principal = { principal_type: 'rbac_role', principal_id: after.id };
  return [...modelChanges(principal, listOf(before), listOf(after)), ...defaultChanges(principal, before, after)];
};

/** What an edit of the rules about models did, one activity for each model whose access differs. */
export const describeChanges = (before: PolicyState, after: PolicyState, organisationId: string): NewActivity[] => {
  const principal: Principal = { principal_type: 'org', principal_id: organisationId };
  const [was, is] = [before.organisation, after.organisation];
  const settings = [
    ...update('new_models', was.newModels, is.newModels),
    ...update('effort_action', was.effortAction, is.effortAction),
  ];
  return [
    ...modelChanges(principal, was.models, is.models),
    ...defaultChanges(principal, was, is),
    ...(settings.length === 0 ? [] : [{ type: 'claude_organization_settings_updated' as const, updates: settings }]),
    ...[...after.roles].flatMap(([id, role]) => roleChanges(before.roles.get(id), role)),
  ];
};
