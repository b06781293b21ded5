import { type Capability, type Effort, higherEffort, lowerEffort } from '../../kernel/index.ts';
import { type CapabilityRuling, capabilitiesOf } from './capability-rulings.ts';
import { chooseDefault, type DefaultChoice } from './default-model.ts';
import { capWithin, NO_LIMIT, weighEffort } from './effort-cap.ts';
import type { CapSource, Entitlement } from './entitlement.ts';
import { isAlwaysAvailable, LINES, type Model, type ModelLine } from './model.ts';
import type { ModelIndex } from './model-index.ts';
import { type Restriction, restrict } from './restriction.ts';
import { bindingGrants, type Grant, type ModelAccess, type OrganisationAccess, type Principal } from './types.ts';

/**
 * Everything one principal may do, compiled once for a version of the policy so that a decision is a few look-ups.
 * `all` is newest first; `newestByLine` holds the newest permitted model of each family.
 */
export type Entitlements = DefaultChoice & {
  readonly principal: Principal;
  readonly all: readonly Entitlement[];
  readonly byModel: ReadonlyMap<string, Entitlement>;
  readonly newestByLine: ReadonlyMap<ModelLine, Entitlement>;
  readonly capabilities: ReadonlyMap<Capability, CapabilityRuling>;
};

/** The facts entitlements are compiled from. */
export type EntitlementFacts = {
  readonly index: ModelIndex;
  readonly organisation: OrganisationAccess;
  readonly principal: Principal;
  /** What a spend limit takes away for now; null or absent for nothing. */
  readonly restriction?: Restriction | null;
};

const OPEN: ModelAccess = { enabled: true, maxEffort: null };
const CLOSED: ModelAccess = { enabled: false, maxEffort: null };

const alwaysOn = (model: Model, access: ModelAccess): ModelAccess =>
  isAlwaysAvailable(model) && !access.enabled ? { ...access, enabled: true } : access;

/** The organisation's word on a model; a model it has no row for is new, and Haiku is on whatever the row says. */
// Whether a cap may apply to Haiku is left open by the vendor. Here it may: access is guaranteed, effort is not.
export const organisationAccessTo = (organisation: OrganisationAccess, model: Model): ModelAccess =>
  alwaysOn(model, organisation.models.get(model.id) ?? (organisation.newModels === 'on' ? OPEN : CLOSED));

/** A role's word on a model, before the organisation's ceiling; Haiku is on whatever the row says. */
export const roleAccessTo = (role: Grant['role'], model: Model): ModelAccess =>
  role.models === 'all' ? OPEN : alwaysOn(model, role.models.get(model.id) ?? CLOSED);

type Rights = { readonly grantedBy: readonly Grant[]; readonly limit: Effort; readonly from: CapSource };

const NO_RIGHTS: Rights = { grantedBy: [], limit: NO_LIMIT, from: { level: 'model' } };

/** The union of several roles on one model: who grants it, and the highest cap among those who do. */
const unionOf = (grants: readonly Grant[], model: Model): Rights => {
  const grantedBy = grants.filter((grant) => roleAccessTo(grant.role, model).enabled);
  let best: { readonly limit: Effort; readonly role: Grant['role'] } | undefined;
  for (const { role } of grantedBy) {
    const limit = roleAccessTo(role, model).maxEffort ?? NO_LIMIT;
    if (best === undefined || higherEffort(best.limit, limit) !== best.limit) best = { limit, role };
  }
  if (best === undefined || best.limit === NO_LIMIT) return { ...NO_RIGHTS, grantedBy };
  const { id, displayName } = best.role;
  return { grantedBy, limit: best.limit, from: { level: 'role', id, displayName } };
};

const entitle = (model: Model, organisation: OrganisationAccess, grants: readonly Grant[] | null): Entitlement => {
  const ceiling = organisationAccessTo(organisation, model);
  const ceilingLimit = ceiling.maxEffort ?? NO_LIMIT;
  const roles = grants === null ? NO_RIGHTS : unionOf(grants, model);
  // Haiku needs no role: a bound principal without any still has it, up to the organisation's cap.
  const granted = grants === null || roles.grantedBy.length > 0 || isAlwaysAvailable(model);
  const stoppedBy = !ceiling.enabled ? 'organisation' : granted ? null : 'roles';
  const limit = lowerEffort(ceilingLimit, roles.limit);
  const ceilingDecides = ceilingLimit !== NO_LIMIT && limit === ceilingLimit;
  return {
    model,
    allowed: stoppedBy === null,
    cap: capWithin(model, limit),
    limit,
    capFrom: ceilingDecides ? { level: 'organisation' } : roles.from,
    grantedBy: roles.grantedBy,
    stoppedBy,
  };
};

const unrestricted = (model: Model): Entitlement => ({
  model,
  allowed: true,
  cap: capWithin(model, NO_LIMIT),
  limit: NO_LIMIT,
  capFrom: { level: 'model' },
  grantedBy: [],
  stoppedBy: null,
});

const newestAllowed = (
  index: ModelIndex,
  byModel: ReadonlyMap<string, Entitlement>,
): ReadonlyMap<ModelLine, Entitlement> => {
  const newest = new Map<ModelLine, Entitlement>();
  for (const line of LINES) {
    const model = index.byLine.get(line)?.find((one) => byModel.get(one.id)?.allowed === true);
    const entitlement = model && byModel.get(model.id);
    if (entitlement !== undefined) newest.set(line, entitlement);
  }
  return newest;
};

/**
 * What a principal may use: the organisation's ceiling for everybody; for managed members and service keys also the
 * union of their roles' models, each with the highest cap among the roles that grant it. Costs models × grants, so
 * compile once per principal and policy version and keep it.
 */
export const entitlementsOf = ({ index, organisation, principal, restriction }: EntitlementFacts): Entitlements => {
  const grants = bindingGrants(principal);
  const granted = index.models.map((model) =>
    principal.kind === 'administrator' ? unrestricted(model) : entitle(model, organisation, grants),
  );
  const all = restriction == null ? granted : granted.map((one) => restrict(one, restriction));
  const byModel = new Map(all.map((one) => [one.model.id, one]));
  const newestByLine = newestAllowed(index, byModel);
  const choice = chooseDefault({
    index,
    organisation,
    roles: (grants ?? []).map((grant) => grant.role),
    byModel,
    newestByLine,
  });
  const capabilities = capabilitiesOf(organisation, principal);
  return { principal, all, byModel, newestByLine, capabilities, ...choice };
};

/** The effort levels of a model left to this principal, lowest first; none when it has no effort parameter. */
export const effortsLeft = (entitlement: Entitlement): readonly Effort[] =>
  entitlement.model.efforts.filter((level) => lowerEffort(level, entitlement.cap) === level);

/**
 * The effort a request would run at under the cap, without findings, for those who only watch. Null when the model has
 * no effort parameter, or when a level this version does not know may pass. Disregards the effort action.
 */
export const permittedEffort = (entitlement: Entitlement, asked: string | null | undefined): Effort | null => {
  const { model, cap } = entitlement;
  if (model.efforts.length === 0) return null;
  return weighEffort(asked ?? model.defaultEffort ?? cap, model, cap).to;
};
