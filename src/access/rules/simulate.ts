import { effortRank } from '../../kernel/index.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { type Entitlements, entitlementsOf } from './entitlements.ts';
import type { ModelIndex } from './model-index.ts';
import type { PolicyState } from './policy.ts';
import { bindingGrants, type OrganisationRole, type Principal, type Wanted } from './types.ts';

/**
 * Somebody whose rights are compared. `key` ties recorded requests to them; `roles` are the ids of all roles that reach
 * them, by group or directly. An id that names no role of a policy grants nothing there.
 */
export type SimulatedPrincipal =
  | {
      readonly kind: 'member';
      readonly key: string;
      readonly organisationRole: OrganisationRole;
      readonly roles: readonly string[];
    }
  | { readonly kind: 'service'; readonly key: string; readonly roles: readonly string[] };

/** Requests of one principal that asked for the same, and how many there were. */
export type RecordedRequest = { readonly principal: string; readonly wanted: Wanted; readonly count: number };

/** How members' rights on one model change; each figure counts members. A cap is compared only where both sides allow. */
export type MemberChanges = {
  readonly model: string;
  readonly gained: number;
  readonly lost: number;
  readonly capLowered: number;
  readonly capRaised: number;
};

/**
 * How recorded requests would have fared. The first five add up to `total`: `eased` would have run at a higher effort
 * than under the old policy. `rerouted` counts, beside that, requests another model of the family would have answered.
 */
export type RequestChanges = {
  readonly total: number;
  readonly newlyDenied: number;
  readonly newlyAllowed: number;
  readonly newlyClamped: number;
  readonly eased: number;
  readonly unchanged: number;
  readonly rerouted: number;
};

/**
 * What a change of policy does. `gain` and `lose` count members with at least one model, or a higher (lower) cap, more
 * (less); one may be in both. Models and requests without any change are left out of `perModel`. `unattributed` counts
 * recorded requests of principals that are not there any more.
 */
export type Simulation = {
  readonly members: { readonly gain: number; readonly lose: number; readonly perModel: readonly MemberChanges[] };
  readonly requests: RequestChanges & {
    readonly unattributed: number;
    readonly perModel: readonly (RequestChanges & { readonly model: string })[];
  };
};

/** What a simulation compares. */
export type SimulationFacts = {
  readonly index: ModelIndex;
  readonly before: PolicyState;
  readonly after: PolicyState;
  readonly principals: readonly SimulatedPrincipal[];
  readonly recorded: readonly RecordedRequest[];
};

type Both = { readonly before: Entitlements; readonly after: Entitlements };
type Tally<K extends string> = Record<K, number>;

const toPrincipal = (one: SimulatedPrincipal, { roles }: PolicyState): Principal => {
  const grants = one.roles.flatMap((id) => {
    const role = roles.get(id);
    return role === undefined ? [] : [{ role, via: { kind: 'member' } as const }];
  });
  return one.kind === 'service'
    ? { kind: 'service', groupId: one.key, groupName: one.key, grants }
    : { kind: 'member', id: one.key, organisationRole: one.organisationRole, grants };
};

/** Compiles rights once for everybody with the same roles: a thousand members have a handful of different sets. */
const compileBoth = ({ index, before, after }: SimulationFacts): ((one: SimulatedPrincipal) => Both) => {
  const known = new Map<string, Both>();
  const compile = (one: SimulatedPrincipal, state: PolicyState): Entitlements =>
    entitlementsOf({ index, organisation: state.organisation, principal: toPrincipal(one, state) });
  return (one) => {
    const bound = bindingGrants(toPrincipal(one, before)) !== null;
    const key = bound ? [...one.roles].sort().join(' ') : '*';
    const both = known.get(key) ?? { before: compile(one, before), after: compile(one, after) };
    known.set(key, both);
    return both;
  };
};

type ModelTally = Tally<'gained' | 'lost' | 'capLowered' | 'capRaised'>;

const noModelChange = (): ModelTally => ({ gained: 0, lost: 0, capLowered: 0, capRaised: 0 });

/** The one way in which rights on a model changed; undefined when they did not. */
const changeOn = (model: string, { before, after }: Both): keyof ModelTally | undefined => {
  const was = before.byModel.get(model);
  const is = after.byModel.get(model);
  if (was === undefined || is === undefined) return undefined;
  if (was.allowed !== is.allowed) return is.allowed ? 'gained' : 'lost';
  const step = is.allowed ? effortRank(is.limit) - effortRank(was.limit) : 0;
  return step === 0 ? undefined : step > 0 ? 'capRaised' : 'capLowered';
};

/** After so many principals or requests there is a pause. */
const PER_STEP = 200;

function* compareMembers(
  facts: SimulationFacts,
  both: (one: SimulatedPrincipal) => Both,
): Generator<void, Simulation['members']> {
  const perModel = new Map(facts.index.models.map((model) => [model.id, noModelChange()]));
  let gain = 0;
  let lose = 0;
  for (const [at, one] of facts.principals.entries()) {
    if (at % PER_STEP === 0) yield;
    if (one.kind !== 'member') continue;
    const rights = both(one);
    const seen = new Set<keyof ModelTally>();
    for (const [model, tally] of perModel) {
      const change = changeOn(model, rights);
      if (change === undefined) continue;
      tally[change] += 1;
      seen.add(change);
    }
    if (seen.has('gained') || seen.has('capRaised')) gain += 1;
    if (seen.has('lost') || seen.has('capLowered')) lose += 1;
  }
  const rows = [...perModel].map(([model, tally]) => ({ model, ...tally }));
  return { gain, lose, perModel: rows.filter((row) => row.gained + row.lost + row.capLowered + row.capRaised > 0) };
}

type RequestTally = Tally<keyof RequestChanges>;

const noRequestChange = (): RequestTally => ({
  total: 0,
  newlyDenied: 0,
  newlyAllowed: 0,
  newlyClamped: 0,
  eased: 0,
  unchanged: 0,
  rerouted: 0,
});

/** Requests on one model, compared by everything the policy can lower in them. */
const levelOf = ({ effort, changes }: Decision): readonly number[] => [
  effort.used === null ? Number.POSITIVE_INFINITY : effortRank(effort.used),
  changes.messageEffortCap === undefined ? Number.POSITIVE_INFINITY : effortRank(changes.messageEffortCap),
  changes.thinkingBudget ?? Number.POSITIVE_INFINITY,
];

const fareOf = (was: Decision, is: Decision): Exclude<keyof RequestChanges, 'total' | 'rerouted'> => {
  if (was.effect === 'deny' || is.effect === 'deny') {
    if (was.effect === is.effect) return 'unchanged';
    return is.effect === 'deny' ? 'newlyDenied' : 'newlyAllowed';
  }
  const [before, after] = [levelOf(was), levelOf(is)];
  if (after.some((level, at) => level < (before[at] ?? level))) return 'newlyClamped';
  return after.some((level, at) => level > (before[at] ?? level)) ? 'eased' : 'unchanged';
};

const isRerouted = (was: Decision, is: Decision): boolean =>
  was.effect !== 'deny' && is.effect !== 'deny' && was.model.id !== is.model.id;

const replay = (wanted: Wanted, rights: Both, facts: SimulationFacts) => {
  const under = (side: 'before' | 'after'): Decision =>
    decide({
      entitlements: rights[side],
      index: facts.index,
      organisation: facts[side].organisation,
      wanted,
      policyVersion: 0,
    });
  return { was: under('before'), is: under('after') };
};

const count = (tally: RequestTally, { was, is }: ReturnType<typeof replay>, requests: number): void => {
  tally.total += requests;
  tally[fareOf(was, is)] += requests;
  if (isRerouted(was, is)) tally.rerouted += requests;
};

function* compareRequests(
  facts: SimulationFacts,
  both: (one: SimulatedPrincipal) => Both,
): Generator<void, Simulation['requests']> {
  const asked = new Set(facts.recorded.map(({ principal }) => principal));
  yield;
  const principals = new Map(facts.principals.filter(({ key }) => asked.has(key)).map((one) => [one.key, one]));
  const all = noRequestChange();
  const perModel = new Map<string, RequestTally>();
  let unattributed = 0;
  for (const [at, { principal, wanted, count: requests }] of facts.recorded.entries()) {
    if (at % PER_STEP === 0) yield;
    const one = principals.get(principal);
    if (one === undefined) {
      unattributed += requests;
      continue;
    }
    const fared = replay(wanted, both(one), facts);
    const model = fared.was.model.id ?? fared.is.model.id ?? wanted.model;
    const tally = perModel.get(model) ?? noRequestChange();
    perModel.set(model, tally);
    count(all, fared, requests);
    count(tally, fared, requests);
  }
  const rows = [...perModel].map(([model, tally]) => ({ model, ...tally }));
  return { ...all, unattributed, perModel: rows.filter((row) => row.unchanged < row.total || row.rerouted > 0) };
}

/**
 * What a change of policy would mean: for members' rights now, and for requests already made, replayed through the
 * same evaluator that answers them. Pure. 100,000 members take more than a second in all, so it comes in steps of some milliseconds,
 * between which others can have their turn.
 */
export function* simulateInSteps(facts: SimulationFacts): Generator<void, Simulation> {
  const both = compileBoth(facts);
  const members = yield* compareMembers(facts, both);
  return { members, requests: yield* compareRequests(facts, both) };
}

/** {@link simulateInSteps} without a pause. */
export const simulate = (facts: SimulationFacts): Simulation => {
  const steps = simulateInSteps(facts);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
};
