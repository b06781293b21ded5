import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EFFORTS, type Effort, effortRank } from '../../kernel/index.ts';
import { NEW_ROLE_CAPABILITIES } from './capabilities.ts';
import { NEW_ROLE_CONNECTORS } from './connectors.ts';
import { decide } from './decide.ts';
import { fitEffort } from './effort-cap.ts';
import { entitlementsOf, organisationAccessTo, roleAccessTo } from './entitlements.ts';
import type { PolicyEdit, PolicyState } from './policy.ts';
import { applyEdits } from './policy-edits.ts';
import { explain } from './reasons.ts';
import { organisationDefault, organisationLimit, roleDefault, roleLimit, settlePolicy } from './settle-policy.ts';
import { INDEX, organisation, policy, role } from './test-facts.ts';
import {
  BRINGS_NOTHING,
  type ModelAccess,
  type OrganisationAccess,
  type Principal,
  type RoleAccess,
  type Wanted,
} from './types.ts';

const IDS = INDEX.models.map(({ id }) => id);
const effort = fc.constantFrom<Effort>(...EFFORTS);
const cap = fc.option(effort);
const modelId = fc.constantFrom(...IDS);

const rows: fc.Arbitrary<ReadonlyMap<string, ModelAccess>> = fc
  .uniqueArray(fc.tuple(modelId, fc.record({ enabled: fc.boolean(), maxEffort: cap })), { selector: ([id]) => id })
  .map((entries) => new Map(entries));

const ceiling: fc.Arbitrary<OrganisationAccess> = fc
  .record<Partial<OrganisationAccess>>({
    models: rows,
    defaultModel: fc.option(modelId),
    defaultEffort: cap,
    effortAction: fc.constantFrom('clamp', 'refuse', 'observe'),
    newModels: fc.constantFrom('on', 'off'),
  })
  .map((one) => organisation({}, { unlistedServers: 'allow', ...one }));

const someRole = (id: string): fc.Arbitrary<RoleAccess> =>
  fc.record({
    id: fc.constant(id),
    displayName: fc.constant(`Role ${id}`),
    models: fc.oneof(fc.constant('all' as const), rows),
    defaultModel: fc.option(modelId),
    defaultEffort: cap,
    capabilities: fc.constantFrom(NEW_ROLE_CAPABILITIES, { access: 'all', selected: new Set() }),
    connectors: fc.constant(NEW_ROLE_CONNECTORS),
  });

const roles = fc.tuple(someRole('a'), someRole('b'), someRole('c'));

const caller = (granted: readonly RoleAccess[], organisationRole: 'managed' | 'user' = 'managed'): Principal => ({
  kind: 'member',
  id: 'someone',
  organisationRole,
  grants: granted.map((role) => ({ role, via: { kind: 'member' } })),
});

const level = fc.oneof(effort, fc.constant('ultra'));
const name = fc.oneof(
  modelId,
  fc.constantFrom(
    'opus',
    'claude-sonnet',
    'haiku-latest',
    'fable',
    'mythos',
    'default',
    'claude-opus-4-5',
    'gpt-9',
    'claude-opus-5[1m]',
  ),
);

const request: fc.Arbitrary<Wanted> = fc.record({
  model: name,
  effort: fc.oneof(fc.constant(undefined), fc.constant(null), level),
  messageEfforts: fc.array(fc.option(level), { maxLength: 3 }),
  thinkingBudget: fc.option(fc.integer({ min: 1_024, max: 100_000 })),
  fallbackModels: fc.array(name, { maxLength: 2 }),
  product: fc.constantFrom('api', 'claude_code'),
  capabilities: fc.constantFrom([], ['web_search'] as const, ['bash', 'file_upload'] as const),
  servers: fc.constantFrom([], [{ name: 'x', url: 'https://x.example', tools: null, except: [] }]),
  tools: fc.constantFrom([], [{ server: 'x', tool: 'y' }]),
});

const principal = fc.tuple(roles, fc.integer({ min: 0, max: 3 }), fc.constantFrom('managed' as const, 'user' as const));

describe('rights, whatever the policy', () => {
  test('no cap is above the organisation’s', () => {
    fc.assert(
      fc.property(ceiling, principal, (organisation, [granted, many, as]) => {
        const rights = entitlementsOf({ index: INDEX, organisation, principal: caller(granted.slice(0, many), as) });
        for (const { model, cap: found } of rights.all) {
          expect(effortRank(found)).toBeLessThanOrEqual(effortRank(organisationLimit(organisation, model)));
        }
      }),
    );
  });

  test('one role more never takes a model away, and never lowers a cap', () => {
    fc.assert(
      fc.property(ceiling, roles, fc.integer({ min: 1, max: 2 }), (organisation, granted, many) => {
        const fewer = entitlementsOf({ index: INDEX, organisation, principal: caller(granted.slice(0, many)) });
        const more = entitlementsOf({ index: INDEX, organisation, principal: caller(granted.slice(0, many + 1)) });
        for (const before of fewer.all.filter(({ allowed }) => allowed)) {
          const after = more.byModel.get(before.model.id);
          expect(after?.allowed).toBe(true);
          expect(effortRank(after?.cap ?? 'low')).toBeGreaterThanOrEqual(effortRank(before.cap));
        }
      }),
    );
  });

  test('every Haiku is allowed, and whatever is a default is allowed', () => {
    fc.assert(
      fc.property(ceiling, principal, (organisation, [granted, many, as]) => {
        const rights = entitlementsOf({ index: INDEX, organisation, principal: caller(granted.slice(0, many), as) });
        expect(rights.all.filter(({ model }) => model.line === 'haiku').every(({ allowed }) => allowed)).toBe(true);
        expect(rights.defaultModel?.allowed).toBe(true);
        const { defaultModel, defaultEffort } = rights;
        if (defaultModel !== null && defaultEffort !== null) {
          expect(effortRank(defaultEffort)).toBeLessThanOrEqual(effortRank(defaultModel.cap));
        }
      }),
    );
  });
});

describe('decisions, whatever the request', () => {
  test('a model is listed exactly when naming it is allowed', () => {
    fc.assert(
      fc.property(ceiling, principal, (organisation, [granted, many, as]) => {
        const entitlements = entitlementsOf({
          index: INDEX,
          organisation,
          principal: caller(granted.slice(0, many), as),
        });
        for (const { model, allowed } of entitlements.all) {
          const wanted = {
            model: model.id,
            effort: undefined,
            messageEfforts: [],
            thinkingBudget: null,
            fallbackModels: [],
            ...BRINGS_NOTHING,
          };
          const { effect } = decide({ entitlements, index: INDEX, organisation, wanted, policyVersion: 1 });
          expect(effect !== 'deny').toBe(allowed);
        }
      }),
    );
  });

  test('what is used is within the cap unless limits are only observed, and a refusal changes nothing', () => {
    fc.assert(
      fc.property(ceiling, principal, request, (organisation, [granted, many, as], wanted) => {
        const entitlements = entitlementsOf({
          index: INDEX,
          organisation,
          principal: caller(granted.slice(0, many), as),
        });
        const { effect, effort, model, changes } = decide({
          entitlements,
          index: INDEX,
          organisation,
          wanted,
          policyVersion: 1,
        });
        if (effect === 'deny') {
          expect([model.used, effort.used, changes]).toEqual([null, null, {}]);
          return;
        }
        expect(entitlements.byModel.get(model.id ?? '')?.allowed).toBe(true);
        if (organisation.effortAction === 'observe') return;
        for (const used of [effort.used, changes.effort, changes.messageEffortCap]) {
          if (used != null) expect(effortRank(used)).toBeLessThanOrEqual(effortRank(effort.cap ?? 'low'));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('deciding again on what was forwarded changes nothing more', () => {
    fc.assert(
      fc.property(ceiling, principal, request, (organisation, [granted, many, as], wanted) => {
        const entitlements = entitlementsOf({
          index: INDEX,
          organisation,
          principal: caller(granted.slice(0, many), as),
        });
        const facts = { entitlements, index: INDEX, organisation, policyVersion: 1 };
        const { effect, model, changes } = decide({ ...facts, wanted });
        if (effect === 'deny' || organisation.effortAction === 'observe') return;
        const limit = changes.messageEffortCap;
        const lowered = (asked: string | null) =>
          limit === undefined ||
          asked === null ||
          EFFORTS.some((one) => one === asked && effortRank(one) <= effortRank(limit))
            ? asked
            : limit;
        const forwarded: Wanted = {
          ...wanted,
          model: model.used ?? '',
          effort: changes.effort ?? wanted.effort,
          messageEfforts: wanted.messageEfforts.map(lowered),
          thinkingBudget: changes.thinkingBudget ?? wanted.thinkingBudget,
        };
        const again = decide({ ...facts, wanted: forwarded });
        expect([again.effect, again.changes]).toEqual(['allow', {}]);
      }),
      { numRuns: 500 },
    );
  });

  test('every finding has a whole sentence for both readers', () => {
    fc.assert(
      fc.property(ceiling, principal, request, (organisation, [granted, many, as], wanted) => {
        const entitlements = entitlementsOf({
          index: INDEX,
          organisation,
          principal: caller(granted.slice(0, many), as),
        });
        const { findings } = decide({ entitlements, index: INDEX, organisation, wanted, policyVersion: 1 });
        for (const finding of findings) {
          for (const audience of ['administrator', 'member'] as const) {
            expect(explain(finding, audience)).toMatch(/^[\p{Lu}“].*\.$/u);
            expect(explain(finding, audience)).not.toMatch(/undefined|null|\[object| {2}/);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

const enabled = fc.option(fc.boolean(), { nil: undefined });
const maxEffort = fc.option(cap, { nil: undefined });
const defaultModel = fc.option(fc.option(modelId), { nil: undefined });
const roleId = fc.constantFrom('a', 'b', 'c', 'nobody');

const edit: fc.Arbitrary<PolicyEdit> = fc.oneof(
  fc.record({ kind: fc.constant('organisation-model' as const), model: modelId, enabled, maxEffort }),
  fc.record({ kind: fc.constant('role-model' as const), role: roleId, model: modelId, enabled, maxEffort }),
  fc.record({ kind: fc.constant('organisation-default' as const), model: defaultModel, effort: maxEffort }),
  fc.record({ kind: fc.constant('role-default' as const), role: roleId, model: defaultModel, effort: maxEffort }),
  fc.record({ kind: fc.constant('new-models' as const), arrive: fc.constantFrom('on' as const, 'off' as const) }),
) as fc.Arbitrary<PolicyEdit>;

const fresh = policy(
  organisation(),
  ['a', 'b', 'c'].map((id) => ({ ...role(id, 'all'), id })),
);

const expectInOrder = (state: PolicyState): void => {
  const { organisation } = state;
  const start = organisationDefault(organisation, INDEX);
  expect(start !== null && organisationAccessTo(organisation, start).enabled).toBe(true);
  if (start !== null && organisation.defaultEffort !== null) {
    expect(fitEffort(start, organisation.defaultEffort, organisationLimit(organisation, start))).toBe(
      organisation.defaultEffort,
    );
  }
  for (const role of state.roles.values()) expectRoleInOrder(role, state);
  expect(settlePolicy(state, INDEX).rewritten).toEqual([]);
};

const expectRoleInOrder = (role: RoleAccess, state: PolicyState): void => {
  for (const model of INDEX.models) {
    const own = roleAccessTo(role, model).maxEffort;
    const limit = organisationLimit(state.organisation, model);
    if (own !== null) expect(effortRank(own)).toBeLessThanOrEqual(effortRank(limit));
  }
  const start = INDEX.byId.get(role.defaultModel ?? '');
  if (start !== undefined) {
    expect(organisationAccessTo(state.organisation, start).enabled && roleAccessTo(role, start).enabled).toBe(true);
  }
  const about = roleDefault(state, role, INDEX);
  if (about !== null && role.defaultEffort !== null) {
    expect(fitEffort(about, role.defaultEffort, roleLimit(state, role, about))).toBe(role.defaultEffort);
  }
};

test('whatever is edited, the policy stays in order: caps under the ceiling, defaults open, default efforts within', () => {
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 25 }), (edits) => {
      let state = fresh;
      for (const one of edits) {
        const result = applyEdits(state, INDEX, [one]);
        if (result.ok) state = result.state;
        else expect(result.problem).toMatch(/\.$/);
        expectInOrder(state);
      }
    }),
    { numRuns: 150 },
  );
});
