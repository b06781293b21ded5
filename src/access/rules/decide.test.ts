import { describe, expect, test } from 'vitest';
import { type Case, check, PERMITTED, WITHIN } from './test-cases.ts';
import { answer, FABLE, HAIKU, member, OPUS, OPUS_5, organisation, role, SONNET, wants } from './test-facts.ts';

const MODELS: readonly Case[] = [
  {
    name: 'a permitted model is forwarded as asked, with nothing changed',
    asked: [OPUS],
    wanted: { effect: 'allow', used: OPUS, effort: 'medium', changes: {}, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'an alias is left as asked, and judged by the model it stands for',
    asked: ['claude-opus-4-5'],
    wanted: { effect: 'allow', used: 'claude-opus-4-5', changes: {}, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'Claude Code’s long-context mark does not reach the provider',
    asked: ['claude-opus-5-5[1m]'],
    wanted: { effect: 'allow', used: OPUS, changes: { model: OPUS }, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'a family name becomes the newest permitted model of the family',
    rows: { [OPUS]: 'off' },
    asked: ['opus'],
    wanted: {
      effect: 'allow',
      used: OPUS_5,
      changes: { model: OPUS_5 },
      reasons: ['family-resolved', WITHIN],
      told: /high/,
    },
  },
  {
    name: 'a family name with -latest is a family name',
    asked: ['claude-sonnet-latest'],
    wanted: { effect: 'allow', used: SONNET, changes: { model: SONNET }, reasons: ['family-resolved', WITHIN] },
  },
  {
    name: 'a family is refused only when all of it is',
    roles: [role('A', { [SONNET]: 'on' })],
    asked: ['claude-opus'],
    wanted: {
      effect: 'deny',
      used: null,
      changes: {},
      reasons: ['family-not-permitted'],
      told: /may not use any model of the opus family\. Choose another model, for example Claude Sonnet 5\.5, or ask/,
    },
  },
  {
    name: 'default leads to the principal’s default model',
    more: { defaultModel: SONNET },
    asked: ['default'],
    wanted: { effect: 'allow', used: SONNET, changes: { model: SONNET }, reasons: ['default-resolved', WITHIN] },
  },
  {
    name: 'default without an effort starts at the default effort',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    asked: ['default'],
    wanted: {
      effect: 'allow',
      used: SONNET,
      effort: 'low',
      changes: { model: SONNET, effort: 'low' },
      reasons: ['default-resolved', 'default-effort-applied'],
      told: /ran at effort low, the default for you/,
    },
  },
  {
    name: 'a default effort does not confine: a stated effort holds',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    asked: ['default', { effort: 'xhigh' }],
    wanted: {
      effect: 'allow',
      used: SONNET,
      effort: 'xhigh',
      changes: { model: SONNET },
      reasons: ['default-resolved', WITHIN],
    },
  },
  {
    name: 'the default effort is not for those who name the model themselves',
    more: { defaultModel: SONNET, defaultEffort: 'low' },
    asked: [SONNET],
    wanted: { effect: 'allow', effort: 'high', changes: {}, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'a model the organisation switched off is refused, not exchanged',
    rows: { [OPUS]: 'off' },
    asked: [OPUS],
    wanted: {
      effect: 'deny',
      used: null,
      effort: null,
      changes: {},
      reasons: ['model-disabled-by-organisation', WITHIN],
      told: /^Claude Opus 5\.5 is switched off for your organisation\. Choose another model, for example Claude Opus 5, or ask an administrator to switch it on\.$/,
    },
  },
  {
    name: 'a model no role grants is refused, naming the roles one has',
    roles: [role('Writers', { [SONNET]: 'on' })],
    asked: [OPUS],
    wanted: {
      effect: 'deny',
      reasons: ['model-not-granted-by-role', WITHIN],
      told: /not included in your roles \(“Writers”\)\. Choose another model, for example Claude Sonnet 5\.5, or ask an administrator to grant it/,
    },
  },
  {
    name: 'a model nobody knows is refused',
    asked: ['claude-opus-5-5-20260922'],
    wanted: { effect: 'deny', used: null, effort: null, reasons: ['model-unknown'], told: /is no model known here/ },
  },
  {
    name: 'names are compared as the provider does, by case',
    asked: ['Claude-Opus-5-5'],
    wanted: { effect: 'deny', reasons: ['model-unknown'] },
  },
  {
    name: 'Haiku answers a Custom member whom no role reaches',
    roles: [],
    asked: ['haiku'],
    wanted: { effect: 'allow', used: HAIKU, changes: { model: HAIKU }, reasons: ['family-resolved', WITHIN] },
  },
  {
    name: 'permitted fallback models pass',
    asked: [FABLE, { fallbackModels: [OPUS, SONNET] }],
    wanted: { effect: 'allow', changes: {}, reasons: [PERMITTED, 'fallbacks-permitted', WITHIN] },
  },
  {
    name: 'one fallback model that is not permitted refuses the request, and is named',
    rows: { [OPUS]: 'off' },
    asked: [FABLE, { fallbackModels: [SONNET, OPUS] }],
    wanted: {
      effect: 'deny',
      used: null,
      changes: {},
      reasons: [PERMITTED, 'fallback-not-permitted', WITHIN],
      told: /The fallback model Claude Opus 5\.5 is not open to you/,
    },
  },
  {
    name: 'a family name among the fallbacks is refused, since it would be forwarded as it stands',
    asked: [FABLE, { fallbackModels: ['opus'] }],
    wanted: { effect: 'deny', reasons: [PERMITTED, 'fallback-not-permitted', WITHIN], told: /“opus”/ },
  },
];

describe('which model answers', () => {
  test.each(MODELS)('$name', check);
});

test('every rule runs: a refused model does not hide what else was wrong', () => {
  const decision = answer(
    organisation({ [OPUS]: 'off', [SONNET]: 'off' }, { effortAction: 'refuse' }),
    member([], 'user'),
    wants(OPUS, { effort: 'max', fallbackModels: [SONNET, 'nonesuch'] }),
  );
  expect(decision.findings.filter(({ effect }) => effect === 'deny').map(({ rule }) => rule)).toEqual([
    'model-access',
    'fallback-access',
    'fallback-access',
  ]);
});

test('a decision survives being stored as JSON', () => {
  const decision = answer(
    organisation({ [OPUS]: 'low' }),
    member([role('A', 'all')]),
    wants('opus', { effort: 'max' }),
  );
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
});
