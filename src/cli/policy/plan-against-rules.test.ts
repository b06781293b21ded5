import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { editState } from '../../access/change-models.ts';
import { CATALOGUE } from '../../access/rules/catalogue.ts';
import { indexModels } from '../../access/rules/model-index.ts';
import type { PolicyState } from '../../access/rules/policy.ts';
import { organisation, policy, role } from '../../access/rules/test-facts.ts';
import { fromWireEdit, toModelAccess, toRoleModels, toSettings } from '../../access/wire.ts';
import { wireEdit } from './apply-plan.ts';
import { toOrganisation, toRole } from './read-state.ts';
import type { Declared } from './rules/declared.ts';
import { makePlan } from './rules/plan.ts';
import { NEW_TABS } from './rules/plan-role-tabs.ts';
import type { State } from './rules/state.ts';
import type { Step } from './rules/step.ts';
import { declared } from './rules/test-state.ts';
import { writePolicy } from './write-policy.ts';

// The planner says what the rules of the server will make of its edits; here both are asked, without a server between
// them. Policies are drawn by chance and follow each other on one organisation, so that each meets what others left.

const CASES = 1000;
const PATIENCE_MS = 60_000;

// Few, so that drawn policies meet: two of a family, one each that is without xhigh, without any effort, and always on.
const OF_EACH = ['claude-opus-5-5', 'claude-opus-4-5-20251101', 'claude-sonnet-4-6', 'claude-haiku-4-5-20251001'];
const INDEX = indexModels(CATALOGUE.filter(({ id }) => OF_EACH.includes(id)));
const MODELS = INDEX.models.map(({ id }) => id);
const ROLES = ['A', 'B'];

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const word = fc.constantFrom('on', 'off', 'off', 'low', 'medium', 'max');
const models = fc.dictionary(fc.constantFrom(...MODELS, '*'), word, { maxKeys: 4 });
const effort = fc.constantFrom('low', 'medium', 'high', 'max');
const drawnRole = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ absent: true }) },
  {
    weight: 6,
    arbitrary: fc.record({
      models: some(models),
      default_model: some(fc.constantFrom('inherit', ...MODELS)),
      default_effort: some(fc.oneof(fc.constant('inherit'), effort)),
    }),
  },
);
const drawn = fc.record({
  organisation: fc.oneof(
    fc.constant({}),
    fc.record({
      models: some(models),
      default_model: some(fc.constantFrom('recommended', ...MODELS)),
      default_effort: some(fc.oneof(fc.constant('recommended'), effort)),
      new_models: some(fc.constantFrom('on', 'off')),
    }),
  ),
  roles: fc.dictionary(fc.constantFrom(...ROLES), drawnRole, { maxKeys: 2 }),
});
const sequences = fc.array(drawn, { minLength: 1, maxLength: 6 });

const COUNTS = { groups: 0, members: 0 };

const seen = (rules: PolicyState): State => ({
  organisation: toOrganisation(
    {
      type: 'model_matrix',
      version: 1,
      settings: toSettings(rules.organisation),
      models: INDEX.models.map((model) => toModelAccess(model, rules.organisation)),
      roles: [],
    },
    { name: 'Harbour & Sons', unlistedServers: null, capabilities: null },
  ),
  roles: [...rules.roles.values()].map((one) =>
    toRole(toRoleModels(one, rules.organisation, { index: INDEX, counts: COUNTS }), NEW_TABS),
  ),
  groups: [],
  members: [],
  connectors: [],
  limits: [],
  spend: { settings: null, prepaid: null, included: null },
  rates: null,
  workspaces: [],
  keys: [],
});

const idOf = (name: string): string => role(name, 'all').id;

/** What the server does at a step. */
const after = (rules: PolicyState, { action }: Step): PolicyState => {
  const roles = new Map(rules.roles);
  if (action.kind === 'create-role') return { ...rules, roles: roles.set(idOf(action.name), role(action.name, 'all')) };
  if (action.kind === 'delete-role') {
    roles.delete(idOf(action.name));
    return { ...rules, roles };
  }
  if (action.kind !== 'edit-models') throw new Error(`no step about models: ${action.kind}`);
  const edits = action.edits.flatMap((edit) => fromWireEdit(wireEdit(edit, idOf) ?? expect.fail('no such role')));
  return editState(rules, INDEX, edits).state;
};

const exportedFrom = (state: State): Declared => declared(parse(writePolicy(state)) as Partial<Declared>);

it('what the planner raises no objection to, the rules about models take, and find nothing left to do', {
  timeout: PATIENCE_MS,
}, () => {
  let applied = 0;
  const check = (all: readonly unknown[]): void => {
    let rules = policy(organisation());
    for (const one of all) {
      const said = declared(one as Partial<Declared>);
      const plan = makePlan(said, seen(rules));
      if (plan.problems.length > 0) continue;
      applied += 1;
      rules = plan.steps.reduce(after, rules);
      expect(makePlan(said, seen(rules))).toMatchObject({ steps: [], problems: [] });
      expect(makePlan(exportedFrom(seen(rules)), seen(rules))).toMatchObject({ steps: [], problems: [] });
    }
  };
  fc.assert(fc.property(sequences, check), { numRuns: CASES });
  expect(applied).toBeGreaterThan(CASES / 10);
});
