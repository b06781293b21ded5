import { type Effort, higherEffort } from '../../kernel/index.ts';
import { fitEffort } from './effort-cap.ts';
import type { Entitlement } from './entitlement.ts';
import { LINES, lineRank, type Model, type ModelLine, mostCapableFirst } from './model.ts';
import type { ModelIndex } from './model-index.ts';
import type { OrganisationAccess, RoleAccess } from './types.ts';

/** Families in which the vendor's recommended default is looked for, first choice first. */
export const RECOMMENDED_LINES: readonly ModelLine[] = ['opus', 'sonnet', 'haiku'];

/** Who chose a default: one of the principal's roles, the organisation, or nobody (then it is the recommended one). */
export type DefaultSource = 'role' | 'organisation' | 'recommended';

/**
 * Where a principal's conversations begin. `defaultModel` is null only when nothing suitable is permitted.
 * `defaultEffort` is within the cap, and null when the model's own default holds.
 */
export type DefaultChoice = {
  readonly defaultModel: Entitlement | null;
  readonly defaultEffort: Effort | null;
  readonly defaultFrom: DefaultSource;
};

type Facts = {
  readonly index: ModelIndex;
  readonly organisation: OrganisationAccess;
  readonly roles: readonly RoleAccess[];
  readonly byModel: ReadonlyMap<string, Entitlement>;
  readonly newestByLine: ReadonlyMap<ModelLine, Entitlement>;
};

type Chosen = { readonly model: Model | null; readonly from: DefaultSource };

/** Several roles with a default: the most capable model wins, by family, then by release. */
const choose = ({ index, organisation, roles }: Facts): Chosen => {
  const ofRoles = roles.flatMap((role) => index.byId.get(role.defaultModel ?? '') ?? []).sort(mostCapableFirst);
  const [best] = ofRoles;
  if (best !== undefined) return { model: best, from: 'role' };
  const ofOrganisation = index.byId.get(organisation.defaultModel ?? '');
  return ofOrganisation === undefined
    ? { model: null, from: 'recommended' }
    : { model: ofOrganisation, from: 'organisation' };
};

/** The lines to look through in place of a default that is denied: its own, then ever cheaper ones. */
const substituteLines = (denied: Model | null): readonly ModelLine[] =>
  denied === null || denied.line === null ? RECOMMENDED_LINES : LINES.slice(0, lineRank(denied.line) + 1).reverse();

const permitted = ({ byModel, newestByLine }: Facts, model: Model | null): Entitlement | null => {
  const named = model === null ? undefined : byModel.get(model.id);
  if (named?.allowed === true && named.model.lifecycle !== 'retired') return named;
  const line = substituteLines(model).find((one) => newestByLine.has(one));
  return (line === undefined ? undefined : newestByLine.get(line)) ?? null;
};

/**
 * The starting effort comes from where the model comes from: roles naming the chosen model, or, when no role names a
 * model, roles naming only an effort; else the organisation's. Of several roles the highest holds, as with caps.
 */
const chooseEffort = ({ organisation, roles }: Facts, chosen: Chosen): Effort | null => {
  const speaking = roles.filter((role) => role.defaultModel === (chosen.from === 'role' ? chosen.model?.id : null));
  const ofRoles = speaking.flatMap((role) => role.defaultEffort ?? []);
  const [first, ...others] = ofRoles;
  if (first !== undefined) return others.reduce(higherEffort, first);
  return chosen.from === 'role' ? null : organisation.defaultEffort;
};

/**
 * The default model and effort of a principal: roles before the organisation before the recommendation. A default the
 * principal may not use gives way to the newest permitted model of its family, else of a cheaper one.
 */
export const chooseDefault = (facts: Facts): DefaultChoice => {
  const chosen = choose(facts);
  const defaultModel = permitted(facts, chosen.model);
  const wish = chooseEffort(facts, chosen);
  const defaultEffort =
    defaultModel === null || wish === null ? null : fitEffort(defaultModel.model, wish, defaultModel.limit);
  return { defaultModel, defaultEffort, defaultFrom: chosen.from };
};
