import type { ModelMatrix, ModelSettings, PolicyEdit } from '../../../access/contract.ts';
import { type Effort, effortRank } from '../../../kernel/index.ts';

/** Edits that have not been saved: one per subject, holding only the fields that differ from what is saved. */
export type Draft = ReadonlyMap<string, PolicyEdit>;

/** No edits. */
export const EMPTY_DRAFT: Draft = new Map();

/** What an edit is about; two edits of one subject become one. */
const subjectOf = (edit: PolicyEdit): string => {
  switch (edit.type) {
    case 'organization_model':
      return `model/${edit.model}`;
    case 'role_model':
      return `role/${edit.role_id}/${edit.model}`;
    case 'organization_settings':
      return 'settings';
    case 'role_defaults':
      return `defaults/${edit.role_id}`;
    default:
      return edit satisfies never;
  }
};

type Fields = Readonly<Record<string, unknown>>;
const IDENTITY = new Set(['type', 'model', 'role_id']);

/** The fields an edit sets, without what says whom it is about. */
const fieldsOf = (edit: PolicyEdit): Fields =>
  Object.fromEntries(Object.entries(edit).filter(([name, value]) => !IDENTITY.has(name) && value !== undefined));

const lowerCap = (cap: Effort | null, ceiling: Effort | null): Effort | null =>
  cap !== null && ceiling !== null && effortRank(cap) > effortRank(ceiling) ? ceiling : cap;

const editIn = (draft: Draft, key: string): Fields => {
  const edit = draft.get(key);
  return edit === undefined ? {} : fieldsOf(edit);
};

/** The matrix as it would be with the edits: role caps above a lowered organisation cap come down with it. */
export const applyDraft = (saved: ModelMatrix, draft: Draft): ModelMatrix => {
  if (draft.size === 0) return saved;
  const models = saved.models.map((model) => ({ ...model, ...editIn(draft, `model/${model.model}`) }));
  const ofOrganisation = new Map(models.map((model) => [model.model, model]));
  const editedRoles = new Set(
    [...draft.values()].flatMap((edit) => (edit.type === 'role_model' ? [edit.role_id] : [])),
  );
  const roles = saved.roles.map((role) => ({
    ...role,
    ...editIn(draft, `defaults/${role.role_id}`),
    mode: editedRoles.has(role.role_id) ? ('selected' as const) : role.mode,
    models: role.models.map((own) => {
      const organisation = ofOrganisation.get(own.model);
      const isOn = organisation?.enabled ?? false;
      const next = {
        ...own,
        ...(role.mode === 'all' ? { enabled: isOn } : {}),
        ...editIn(draft, `role/${role.role_id}/${own.model}`),
        locked_by_organization: !isOn,
      };
      return { ...next, max_effort: lowerCap(next.max_effort, organisation?.max_effort ?? null) };
    }),
  }));
  return { ...saved, settings: { ...saved.settings, ...editIn(draft, 'settings') }, models, roles };
};

/** What the subject of an edit holds in a matrix; undefined when the matrix does not know it. */
const heldBy = (matrix: ModelMatrix, edit: PolicyEdit): Fields | undefined => {
  switch (edit.type) {
    case 'organization_model':
      return matrix.models.find((model) => model.model === edit.model);
    case 'role_model':
      return matrix.roles
        .find((role) => role.role_id === edit.role_id)
        ?.models.find((model) => model.model === edit.model);
    case 'organization_settings':
      return matrix.settings;
    case 'role_defaults':
      return matrix.roles.find((role) => role.role_id === edit.role_id);
    default:
      return edit satisfies never;
  }
};

const without = (draft: Draft, key: string): Draft => new Map([...draft].filter(([other]) => other !== key));

/** The draft with one edit more. Fields set back to what they would be without the edit leave the draft. */
export const addEdit = (saved: ModelMatrix, draft: Draft, edit: PolicyEdit): Draft => {
  const key = subjectOf(edit);
  const rest = without(draft, key);
  const held = heldBy(applyDraft(saved, rest), edit);
  if (held === undefined) return rest;
  const wanted = { ...editIn(draft, key), ...fieldsOf(edit) };
  const changed = Object.entries(wanted).filter(([name, value]) => held[name] !== value);
  if (changed.length === 0) return rest;
  const subject = Object.fromEntries(Object.entries(edit).filter(([name]) => IDENTITY.has(name)));
  // The fields come from edits of the same subject, so together they are an edit of its kind.
  return new Map([...rest, [key, { ...subject, ...Object.fromEntries(changed) } as PolicyEdit]]);
};

/** The same wishes over a matrix that somebody else has changed: what it already holds, or no longer knows, drops out. */
export const rebase = (saved: ModelMatrix, draft: Draft): Draft =>
  [...draft.values()].reduce((kept, edit) => addEdit(saved, kept, edit), EMPTY_DRAFT);

/** How many single values differ from what is saved. */
export const countChanges = (draft: Draft): number =>
  [...draft.values()].reduce((count, edit) => count + Object.keys(fieldsOf(edit)).length, 0);

/** The edits in the order they are sent: the organisation's first, because they bound what roles may hold. */
export const editsOf = (draft: Draft): PolicyEdit[] => {
  const order = ['organization_settings', 'organization_model', 'role_defaults', 'role_model'];
  return [...draft.values()].sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
};

/** Whether one value of the settings has been edited. */
export const isSettingChanged = (draft: Draft, name: keyof ModelSettings): boolean => name in editIn(draft, 'settings');

/** Whether one value of a role's defaults has been edited. */
export const isRoleDefaultChanged = (draft: Draft, roleId: string, name: string): boolean =>
  name in editIn(draft, `defaults/${roleId}`);
