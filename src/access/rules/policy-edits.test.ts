import { describe, expect, test } from 'vitest';
import type { PolicyEdit, PolicyState, ProblemCode } from './policy.ts';
import { applyEdits } from './policy-edits.ts';
import {
  FABLE,
  HAIKU,
  HAIKU_4_5,
  INDEX,
  member,
  OPUS,
  OPUS_4_6,
  organisation,
  policy,
  type Rows,
  rights,
  role,
  SONNET,
} from './test-facts.ts';
import type { OrganisationAccess, RoleAccess } from './types.ts';

const made = (state: PolicyState, ...edits: readonly PolicyEdit[]) => {
  const result = applyEdits(state, INDEX, edits);
  if (!result.ok) throw new Error(result.problem);
  return result;
};

const writers = (rows: 'all' | Rows, more: Partial<RoleAccess> = {}) => role('Writers', rows, more);
const WRITERS = { id: 'role-Writers', displayName: 'Writers' };

describe('lowering a cap', () => {
  test('rewrites the role caps above it, and leaves lower ones and roles without a cap', () => {
    const before = policy(organisation(), [
      writers({ [OPUS]: 'max' }),
      role('Thrifty', { [OPUS]: 'low' }),
      role('Open', { [OPUS]: 'on' }),
    ]);
    const { state, rewritten } = made(before, { kind: 'organisation-model', model: OPUS, maxEffort: 'medium' });
    expect(rewritten).toEqual([{ kind: 'role-cap', role: WRITERS, model: OPUS, from: 'max', to: 'medium' }]);
    const caps = [...state.roles.values()].map(({ models }) =>
      models === 'all' ? 'all' : models.get(OPUS)?.maxEffort,
    );
    expect(caps).toEqual(['medium', 'low', null]);
  });

  test('is a stored change: raising the cap again does not raise the role’s', () => {
    const before = policy(organisation(), [writers({ [OPUS]: 'max' })]);
    const lowered = made(before, { kind: 'organisation-model', model: OPUS, maxEffort: 'low' });
    const { state } = made(lowered.state, { kind: 'organisation-model', model: OPUS, maxEffort: null });
    const found = rights(state.organisation, member([...state.roles.values()]));
    expect(found.byModel.get(OPUS)?.cap).toBe('low');
  });

  test('rewrites nothing for what lies between two edits of one save', () => {
    const before = policy(organisation(), [writers({ [OPUS]: 'max' }, { defaultModel: OPUS, defaultEffort: 'max' })]);
    const { state, rewritten } = made(
      before,
      { kind: 'organisation-model', model: OPUS, maxEffort: 'low' },
      { kind: 'organisation-model', model: OPUS, maxEffort: null },
    );
    expect(rewritten).toEqual([]);
    expect(state.roles).toEqual(before.roles);
  });

  test('lowers the default efforts of the organisation and of roles with it', () => {
    const before = policy(organisation({}, { defaultModel: OPUS, defaultEffort: 'xhigh' }), [
      writers('all', { defaultModel: OPUS, defaultEffort: 'max' }),
    ]);
    const { state, rewritten } = made(before, { kind: 'organisation-model', model: OPUS, maxEffort: 'high' });
    expect(rewritten).toEqual([
      { kind: 'organisation-default-effort', from: 'xhigh', to: 'high' },
      { kind: 'role-default-effort', role: WRITERS, from: 'max', to: 'high' },
    ]);
    expect(state.organisation.defaultEffort).toBe('high');
  });

  test('lowers the default effort of the recommended model too', () => {
    const before = policy(organisation({}, { defaultEffort: 'max' }));
    const { state } = made(before, { kind: 'organisation-model', model: OPUS, maxEffort: 'medium' });
    expect(state.organisation.defaultEffort).toBe('medium');
  });

  test('of a role lowers that role’s default effort only', () => {
    const before = policy(organisation({}, { defaultModel: OPUS, defaultEffort: 'max' }), [
      writers({ [OPUS]: 'on' }, { defaultModel: OPUS, defaultEffort: 'max' }),
    ]);
    const { rewritten } = made(before, { kind: 'role-model', role: WRITERS.id, model: OPUS, maxEffort: 'low' });
    expect(rewritten).toEqual([{ kind: 'role-default-effort', role: WRITERS, from: 'max', to: 'low' }]);
  });
});

describe('the first edit of an untouched Models tab', () => {
  test('lists every model as on at any effort, and then applies the edit', () => {
    const before = policy(organisation(), [writers('all')]);
    const { state, rewritten } = made(before, { kind: 'role-model', role: WRITERS.id, model: OPUS, enabled: false });
    const models = state.roles.get(WRITERS.id)?.models;
    expect(rewritten).toEqual([{ kind: 'role-models-listed', role: WRITERS }]);
    expect(models !== 'all' && models?.size).toBe(INDEX.models.length);
    expect(models !== 'all' && models?.get(OPUS)).toEqual({ enabled: false, maxEffort: null });
    expect(models !== 'all' && models?.get(FABLE)).toEqual({ enabled: true, maxEffort: null });
  });
});

test('deciding how new models arrive leaves those already there as they are', () => {
  const before = policy(organisation({ [OPUS]: 'off' }, { newModels: 'on' }));
  const { state } = made(before, { kind: 'new-models', arrive: 'off' });
  const found = rights(state.organisation, member([], 'user'));
  expect(found.byModel.get(FABLE)?.allowed).toBe(true);
  expect(found.byModel.get(OPUS)?.allowed).toBe(false);
});

test('an alias may name the model', () => {
  const { state } = made(policy(organisation()), {
    kind: 'organisation-model',
    model: 'claude-opus-4-5',
    enabled: false,
  });
  expect(state.organisation.models.get('claude-opus-4-5-20251101')).toEqual({ enabled: false, maxEffort: null });
});

test('a new default keeps the default effort, lowered to what the model has', () => {
  const before = policy(organisation({}, { defaultModel: OPUS, defaultEffort: 'xhigh' }));
  const { state, rewritten } = made(before, { kind: 'organisation-default', model: OPUS_4_6 });
  expect([state.organisation.defaultModel, state.organisation.defaultEffort]).toEqual([OPUS_4_6, 'high']);
  expect(rewritten).toEqual([{ kind: 'organisation-default-effort', from: 'xhigh', to: 'high' }]);
});

type Refused = {
  readonly name: string;
  readonly rows?: Rows;
  readonly more?: Partial<OrganisationAccess>;
  readonly roles?: readonly RoleAccess[];
  readonly edit: PolicyEdit;
  readonly code: ProblemCode;
  readonly says: RegExp;
};

const REFUSED: readonly Refused[] = [
  {
    name: 'a role’s default cannot be switched off, and the roles are named',
    roles: [writers('all', { defaultModel: OPUS }), role('B', 'all', { defaultModel: OPUS }), role('C', 'all')],
    edit: { kind: 'organisation-model', model: OPUS, enabled: false },
    code: 'model_is_default',
    says: /default model of the role “Writers”, “B”\. Choose another default there first/,
  },
  {
    name: 'nor can the organisation’s own default',
    more: { defaultModel: OPUS },
    edit: { kind: 'organisation-model', model: OPUS, enabled: false },
    code: 'model_is_default',
    says: /default model of the organisation/,
  },
  {
    name: 'nor, in a role, the role’s own default',
    roles: [writers('all', { defaultModel: OPUS })],
    edit: { kind: 'role-model', role: WRITERS.id, model: OPUS, enabled: false },
    code: 'model_is_default',
    says: /“Writers”/,
  },
  {
    name: 'Haiku cannot be switched off for the organisation',
    edit: { kind: 'organisation-model', model: HAIKU, enabled: false },
    code: 'haiku_always_available',
    says: /always available/,
  },
  {
    name: 'Haiku cannot be switched off in a role',
    roles: [writers('all')],
    edit: { kind: 'role-model', role: WRITERS.id, model: HAIKU_4_5, enabled: false },
    code: 'haiku_always_available',
    says: /Claude Haiku 4\.5/,
  },
  {
    name: 'a role cannot switch on what the organisation switched off',
    rows: { [OPUS]: 'off' },
    roles: [writers({})],
    edit: { kind: 'role-model', role: WRITERS.id, model: OPUS, enabled: true },
    code: 'model_disabled_by_organisation',
    says: /no role can grant it/,
  },
  {
    name: 'a role cannot allow more effort than the organisation',
    rows: { [OPUS]: 'medium' },
    roles: [writers({ [OPUS]: 'low' })],
    edit: { kind: 'role-model', role: WRITERS.id, model: OPUS, maxEffort: 'high' },
    code: 'effort_above_organisation_cap',
    says: /limits Claude Opus 5\.5 to effort medium; a role cannot allow high/,
  },
  {
    name: 'a model that is switched off cannot become the organisation’s default',
    rows: { [OPUS]: 'off' },
    edit: { kind: 'organisation-default', model: OPUS },
    code: 'default_not_enabled',
    says: /Switch it on first/,
  },
  {
    name: 'a model a role does not grant cannot become its default',
    roles: [writers({ [SONNET]: 'on' })],
    edit: { kind: 'role-default', role: WRITERS.id, model: OPUS },
    code: 'default_not_granted',
    says: /not open to the role “Writers”/,
  },
  {
    name: 'a default effort cannot be above the cap',
    rows: { [OPUS]: 'medium' },
    edit: { kind: 'organisation-default', model: OPUS, effort: 'high' },
    code: 'default_effort_above_cap',
    says: /above the limit of medium/,
  },
  {
    name: 'a role’s default effort cannot be above the role’s cap',
    roles: [writers({ [OPUS]: 'low' })],
    edit: { kind: 'role-default', role: WRITERS.id, model: OPUS, effort: 'medium' },
    code: 'default_effort_above_cap',
    says: /above the limit of low/,
  },
  {
    name: 'a default effort must be one the model has',
    edit: { kind: 'organisation-default', model: OPUS_4_6, effort: 'xhigh' },
    code: 'default_effort_not_offered',
    says: /does not offer effort xhigh/,
  },
  {
    name: 'an unknown model',
    edit: { kind: 'organisation-model', model: 'opus', enabled: false },
    code: 'model_not_found',
    says: /no model “opus”/,
  },
  {
    name: 'an unknown role',
    edit: { kind: 'role-default', role: 'nobody', model: OPUS },
    code: 'role_not_found',
    says: /“nobody”/,
  },
];

describe('edits that are refused', () => {
  test.each(REFUSED)('$name', ({ rows, more, roles, edit, code, says }) => {
    const before = policy(organisation(rows, more), roles);
    const result = applyEdits(before, INDEX, [edit]);
    expect(result).toMatchObject({ ok: false, code, problem: expect.stringMatching(says) });
  });

  test('name the roles for a machine as well', () => {
    const before = policy(organisation(), [writers('all', { defaultModel: OPUS })]);
    const result = applyEdits(before, INDEX, [{ kind: 'organisation-model', model: OPUS, enabled: false }]);
    expect(!result.ok && result.roles).toEqual([WRITERS]);
  });
});

test('several edits are made together or not at all', () => {
  const before = policy(organisation(), [writers('all')]);
  const result = applyEdits(before, INDEX, [
    { kind: 'organisation-model', model: OPUS, maxEffort: 'low' },
    { kind: 'organisation-model', model: HAIKU, enabled: false },
  ]);
  expect(result.ok).toBe(false);
  expect(before.organisation.models.size).toBe(0);
});

test('a default may be moved and its old model switched off in one go', () => {
  const before = policy(organisation({}, { defaultModel: OPUS }));
  const { state } = made(
    before,
    { kind: 'organisation-default', model: SONNET },
    { kind: 'organisation-model', model: OPUS, enabled: false },
  );
  expect(state.organisation.defaultModel).toBe(SONNET);
});
