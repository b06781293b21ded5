import { describe, expect, it } from 'vitest';
import type { ModelAccess, ModelMatrix } from '../../../access/contract.ts';
import { addEdit, applyDraft, countChanges, EMPTY_DRAFT, editsOf, rebase } from './draft.ts';
import { describeEdits, findObstacles } from './draft-words.ts';

const model = (id: string, more: Partial<ModelAccess> = {}): ModelAccess => ({
  type: 'model_access',
  model: id,
  display_name: id.toUpperCase(),
  line: 'opus',
  enabled: true,
  max_effort: null,
  efforts: ['low', 'medium', 'high'],
  default_effort: 'high',
  always_available: false,
  released_at: '2026-01-01',
  lifecycle: 'active',
  retires_at: null,
  ...more,
});

const matrix = (more: Partial<ModelMatrix> = {}): ModelMatrix => ({
  type: 'model_matrix',
  version: 7,
  settings: { default_model: null, default_effort: null, new_models: 'on', effort_action: 'clamp' },
  models: [model('a'), model('b', { enabled: false })],
  roles: [
    {
      role_id: 'r1',
      display_name: 'Engineers',
      mode: 'selected',
      default_model: null,
      default_effort: null,
      group_count: 1,
      member_count: 3,
      models: [
        { type: 'role_model_access', model: 'a', enabled: true, max_effort: 'high', locked_by_organization: false },
        { type: 'role_model_access', model: 'b', enabled: true, max_effort: null, locked_by_organization: true },
      ],
    },
  ],
  ...more,
});

describe('a draft holds only what differs from what is saved', () => {
  it('an edit that is taken back leaves no trace', () => {
    const off = addEdit(matrix(), EMPTY_DRAFT, { type: 'organization_model', model: 'a', enabled: false });
    expect(countChanges(off)).toBe(1);
    expect(addEdit(matrix(), off, { type: 'organization_model', model: 'a', enabled: true }).size).toBe(0);
  });

  it('two values of one cell are one edit with two changes', () => {
    const first = addEdit(matrix(), EMPTY_DRAFT, { type: 'role_model', role_id: 'r1', model: 'a', enabled: false });
    const both = addEdit(matrix(), first, { type: 'role_model', role_id: 'r1', model: 'a', max_effort: 'low' });
    expect(editsOf(both)).toEqual([
      { type: 'role_model', role_id: 'r1', model: 'a', enabled: false, max_effort: 'low' },
    ]);
    expect(countChanges(both)).toBe(2);
  });

  it('an edit about a role that is gone is dropped', () => {
    expect(
      addEdit(matrix(), EMPTY_DRAFT, { type: 'role_model', role_id: 'gone', model: 'a', enabled: false }).size,
    ).toBe(0);
  });
});

describe('the matrix shows what saving would make of it', () => {
  it('lowering the organisation cap lowers the role caps above it', () => {
    const draft = addEdit(matrix(), EMPTY_DRAFT, { type: 'organization_model', model: 'a', max_effort: 'low' });
    expect(applyDraft(matrix(), draft).roles[0]?.models[0]?.max_effort).toBe('low');
  });

  it('switching a model on for the organisation unlocks it for roles', () => {
    const draft = addEdit(matrix(), EMPTY_DRAFT, { type: 'organization_model', model: 'b', enabled: true });
    expect(applyDraft(matrix(), draft).roles[0]?.models[1]).toMatchObject({
      enabled: true,
      locked_by_organization: false,
    });
  });

  it('a default that would point at a model which is off stands against saving', () => {
    const base = matrix({ settings: { ...matrix().settings, default_model: 'a' } });
    const draft = addEdit(base, EMPTY_DRAFT, { type: 'organization_model', model: 'a', enabled: false });
    expect(findObstacles(applyDraft(base, draft))).toHaveLength(1);
    expect(findObstacles(base)).toEqual([]);
  });
});

it('edits are carried over to a matrix that somebody else changed, without what it already holds', () => {
  const one = addEdit(matrix(), EMPTY_DRAFT, { type: 'organization_model', model: 'a', enabled: false });
  const two = addEdit(matrix(), one, { type: 'role_model', role_id: 'r1', model: 'a', max_effort: 'low' });
  const theirs = matrix({ version: 8, models: [model('a', { enabled: false }), model('b')] });
  expect(editsOf(rebase(theirs, two))).toEqual([{ type: 'role_model', role_id: 'r1', model: 'a', max_effort: 'low' }]);
});

it('edits read as sentences, the organisation first', () => {
  const one = addEdit(matrix(), EMPTY_DRAFT, { type: 'role_model', role_id: 'r1', model: 'a', max_effort: 'low' });
  const two = addEdit(matrix(), one, { type: 'organization_settings', effort_action: 'refuse' });
  expect(describeEdits(matrix(), editsOf(two))).toEqual([
    'Organisation: requests above their cap are refused',
    'Engineers: A is capped at Low',
  ]);
});
