import { describe, expect, test } from 'vitest';
import type { PolicyEdit, PolicyState } from './policy.ts';
import { applyEdits } from './policy-edits.ts';
import { type RecordedRequest, type SimulatedPrincipal, simulate } from './simulate.ts';
import { HAIKU, INDEX, OPUS, OPUS_5, organisation, policy, role, SONNET, wants } from './test-facts.ts';

const BEFORE = policy(organisation(), [
  role('Engineers', { [OPUS]: 'high', [SONNET]: 'on' }),
  role('Writers', { [SONNET]: 'on' }),
]);

const PEOPLE: readonly SimulatedPrincipal[] = [
  { kind: 'member', key: 'owner', organisationRole: 'owner', roles: [] },
  { kind: 'member', key: 'ada', organisationRole: 'managed', roles: ['role-Engineers'] },
  { kind: 'member', key: 'ben', organisationRole: 'managed', roles: ['role-Writers'] },
  { kind: 'service', key: 'ci', roles: ['role-Engineers'] },
];

const RECORDED: readonly RecordedRequest[] = [
  { principal: 'owner', wanted: wants(OPUS, { effort: 'max' }), count: 10 },
  { principal: 'ada', wanted: wants(OPUS, { effort: 'high' }), count: 5 },
  { principal: 'ada', wanted: wants('opus', { effort: 'medium' }), count: 4 },
  { principal: 'ben', wanted: wants(OPUS), count: 3 },
  { principal: 'ci', wanted: wants(SONNET), count: 2 },
  { principal: 'gone', wanted: wants(SONNET), count: 1 },
];

const changed = (...edits: readonly PolicyEdit[]): PolicyState => {
  const result = applyEdits(BEFORE, INDEX, edits);
  if (!result.ok) throw new Error(result.problem);
  return result.state;
};

const run = (state: PolicyState) =>
  simulate({ index: INDEX, before: BEFORE, after: state, principals: PEOPLE, recorded: RECORDED });

describe('what a change would mean', () => {
  test('no change means nothing, and says so', () => {
    const { members, requests } = run(BEFORE);
    expect(members).toEqual({ gain: 0, lose: 0, perModel: [] });
    expect(requests).toMatchObject({ total: 24, unchanged: 24, newlyDenied: 0, unattributed: 1, perModel: [] });
  });

  test('a lower cap: who loses, and which requests would have been lowered', () => {
    const { members, requests } = run(changed({ kind: 'organisation-model', model: OPUS, maxEffort: 'medium' }));
    expect(members).toEqual({
      gain: 0,
      lose: 2,
      perModel: [{ model: OPUS, gained: 0, lost: 0, capLowered: 2, capRaised: 0 }],
    });
    expect(requests).toMatchObject({ total: 24, newlyClamped: 15, newlyDenied: 0, unchanged: 9 });
    expect(requests.perModel).toEqual([expect.objectContaining({ model: OPUS, total: 22, newlyClamped: 15 })]);
  });

  test('a lower cap where the organisation refuses: those requests would have been denied', () => {
    const { requests } = run(
      changed(
        { kind: 'effort-action', action: 'refuse' },
        { kind: 'organisation-model', model: OPUS, maxEffort: 'medium' },
      ),
    );
    expect(requests).toMatchObject({ newlyDenied: 15, newlyClamped: 0, unchanged: 9 });
  });

  test('a model switched off: named requests are denied, the family goes to another model where there is one', () => {
    const { members, requests } = run(
      changed(
        { kind: 'role-model', role: 'role-Engineers', model: OPUS_5, enabled: true },
        { kind: 'organisation-model', model: OPUS, enabled: false },
      ),
    );
    expect(members).toMatchObject({ gain: 1, lose: 2 });
    expect(requests).toMatchObject({ newlyDenied: 15, newlyAllowed: 0, rerouted: 4, unchanged: 9 });
  });

  test('a model granted: who gains, and which requests would have been answered', () => {
    const { members, requests } = run(
      changed({ kind: 'role-model', role: 'role-Writers', model: OPUS, enabled: true }),
    );
    expect(members).toEqual({
      gain: 1,
      lose: 0,
      perModel: [{ model: OPUS, gained: 1, lost: 0, capLowered: 0, capRaised: 0 }],
    });
    expect(requests).toMatchObject({ newlyAllowed: 3, unchanged: 21 });
  });

  test('a cap lifted: requests that were lowered run as asked', () => {
    const recorded = [{ principal: 'ada', wanted: wants(OPUS, { effort: 'max' }), count: 6 }];
    const state = changed({ kind: 'role-model', role: 'role-Engineers', model: OPUS, maxEffort: null });
    const { requests, members } = simulate({
      index: INDEX,
      before: BEFORE,
      after: state,
      principals: PEOPLE,
      recorded,
    });
    expect(requests).toMatchObject({ total: 6, eased: 6, unchanged: 0 });
    expect(members.gain).toBe(1);
  });

  test('a thinking budget lowered counts as lowered', () => {
    const id = 'claude-haiku-4-5-20251001';
    const recorded = [{ principal: 'ben', wanted: wants(id, { thinkingBudget: 31_999 }), count: 2 }];
    const state = changed({ kind: 'organisation-model', model: id, maxEffort: 'low' });
    const { requests } = simulate({ index: INDEX, before: BEFORE, after: state, principals: PEOPLE, recorded });
    expect(requests).toMatchObject({ total: 2, newlyClamped: 2 });
  });

  test('the kinds of change add up to the total', () => {
    const { requests } = run(
      changed(
        { kind: 'organisation-model', model: OPUS, enabled: false },
        { kind: 'organisation-model', model: HAIKU, maxEffort: 'low' },
      ),
    );
    const { newlyDenied, newlyAllowed, newlyClamped, eased, unchanged, total } = requests;
    expect(newlyDenied + newlyAllowed + newlyClamped + eased + unchanged).toBe(total);
  });
});
