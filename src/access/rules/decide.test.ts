import { describe, expect, test } from 'vitest';
import { type Changes, type Decision, type Reason, refusalOf } from './decision.ts';
import { explain } from './reasons.ts';
import {
  answer,
  FABLE,
  HAIKU,
  HAIKU_4_5,
  member,
  OPUS,
  OPUS_4_5,
  OPUS_4_6,
  OPUS_5,
  organisation,
  type Rows,
  role,
  SONNET,
  SONNET_4_5,
  SONNET_5,
  wants,
} from './test-facts.ts';
import type { OrganisationAccess, RoleAccess, Wanted } from './types.ts';

type Case = {
  readonly name: string;
  readonly rows?: Rows;
  readonly more?: Partial<OrganisationAccess>;
  /** Roles make the caller a Custom member; without them it is an ordinary one. */
  readonly roles?: readonly RoleAccess[];
  readonly asked: readonly [model: string, more?: Partial<Wanted>];
  readonly wanted: {
    readonly effect: Decision['effect'];
    readonly used?: string | null;
    readonly effort?: string | null;
    readonly changes?: Changes;
    readonly reasons: readonly Reason[];
    /** What the person who asked reads of the finding that matters: the refusal, else the last. */
    readonly told?: RegExp;
  };
};

const PERMITTED = 'model-permitted';
const WITHIN = 'effort-within-cap';

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

const EFFORTS: readonly Case[] = [
  {
    name: 'an effort within the cap is left alone',
    rows: { [OPUS]: 'high' },
    asked: [OPUS, { effort: 'high' }],
    wanted: { effect: 'allow', effort: 'high', changes: {}, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'an effort above the cap is lowered to it',
    rows: { [OPUS]: 'high' },
    asked: [OPUS, { effort: 'max' }],
    wanted: {
      effect: 'clamp',
      effort: 'high',
      changes: { effort: 'high' },
      reasons: [PERMITTED, 'effort-above-cap'],
      told: /up to effort high, and max was asked for; it ran at high/,
    },
  },
  {
    name: 'the higher of two roles’ caps wins, clipped by the organisation',
    rows: { [OPUS]: 'high' },
    roles: [role('A', { [OPUS]: 'low' }), role('B', { [OPUS]: 'max' })],
    asked: [OPUS, { effort: 'xhigh' }],
    wanted: { effect: 'clamp', effort: 'high', changes: { effort: 'high' }, reasons: [PERMITTED, 'effort-above-cap'] },
  },
  {
    name: 'where the organisation refuses, the request is denied',
    rows: { [OPUS]: 'high' },
    more: { effortAction: 'refuse' },
    asked: [OPUS, { effort: 'max' }],
    wanted: {
      effect: 'deny',
      used: null,
      effort: null,
      changes: {},
      reasons: [PERMITTED, 'effort-above-cap'],
      told: /Choose high or lower, or ask an administrator to raise the limit/,
    },
  },
  {
    name: 'where the organisation observes, the request goes as asked and is noted',
    rows: { [OPUS]: 'high' },
    more: { effortAction: 'observe' },
    asked: [OPUS, { effort: 'max' }],
    wanted: {
      effect: 'allow',
      effort: 'max',
      changes: {},
      reasons: [PERMITTED, 'effort-above-cap'],
      told: /let through/,
    },
  },
  {
    name: 'an effort left out, with a default above the cap: the cap is sent',
    rows: { [SONNET]: 'low' },
    asked: [SONNET],
    wanted: {
      effect: 'clamp',
      effort: 'low',
      changes: { effort: 'low' },
      reasons: [PERMITTED, 'default-effort-above-cap'],
      told: /starts at effort high by itself; for you it ran at low/,
    },
  },
  {
    name: 'an effort of null is one left out',
    rows: { [SONNET]: 'low' },
    asked: [SONNET, { effort: null }],
    wanted: {
      effect: 'clamp',
      effort: 'low',
      changes: { effort: 'low' },
      reasons: [PERMITTED, 'default-effort-above-cap'],
    },
  },
  {
    name: 'Opus 5.5 starts at medium, so a cap of medium sends nothing',
    rows: { [OPUS]: 'medium' },
    asked: [OPUS],
    wanted: { effect: 'allow', effort: 'medium', changes: {}, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'who asked for nothing is not refused for it',
    rows: { [SONNET]: 'low' },
    more: { effortAction: 'refuse' },
    asked: [SONNET],
    wanted: {
      effect: 'clamp',
      effort: 'low',
      changes: { effort: 'low' },
      reasons: [PERMITTED, 'default-effort-above-cap'],
    },
  },
  {
    name: 'an omitted effort above the cap is only noted where the organisation observes',
    rows: { [SONNET]: 'low' },
    more: { effortAction: 'observe' },
    asked: [SONNET],
    wanted: { effect: 'allow', effort: 'high', changes: {}, reasons: [PERMITTED, 'default-effort-above-cap'] },
  },
  {
    name: 'a level the model lacks is lowered to the highest it has',
    asked: [OPUS_4_6, { effort: 'xhigh' }],
    wanted: {
      effect: 'clamp',
      effort: 'high',
      changes: { effort: 'high' },
      reasons: [PERMITTED, 'effort-not-offered'],
    },
  },
  {
    name: 'also where the organisation refuses what is above a cap',
    more: { effortAction: 'refuse' },
    asked: [OPUS_4_5, { effort: 'max' }],
    wanted: {
      effect: 'clamp',
      effort: 'high',
      changes: { effort: 'high' },
      reasons: [PERMITTED, 'effort-not-offered'],
      told: /does not offer effort max; it ran at high/,
    },
  },
  {
    name: 'and where it observes, while the cap is only noted',
    rows: { [OPUS_4_6]: 'medium' },
    more: { effortAction: 'observe' },
    asked: [OPUS_4_6, { effort: 'xhigh' }],
    wanted: {
      effect: 'clamp',
      effort: 'high',
      changes: { effort: 'high' },
      reasons: [PERMITTED, 'effort-not-offered', 'effort-above-cap'],
    },
  },
  {
    name: 'a level of a newer client passes where nothing is capped',
    asked: [OPUS, { effort: 'ultra' }],
    wanted: { effect: 'allow', effort: null, changes: {}, reasons: [PERMITTED, 'effort-not-recognised'] },
  },
  {
    name: 'and counts as above the cap where something is',
    rows: { [OPUS]: 'xhigh' },
    asked: [OPUS, { effort: 'ultra' }],
    wanted: {
      effect: 'clamp',
      effort: 'xhigh',
      changes: { effort: 'xhigh' },
      reasons: [PERMITTED, 'effort-above-cap'],
    },
  },
  {
    name: 'a model without the parameter is left to the provider’s answer',
    rows: { [HAIKU_4_5]: 'low' },
    asked: ['claude-haiku-4-5', { effort: 'max' }],
    wanted: { effect: 'allow', effort: null, changes: {}, reasons: [PERMITTED, 'effort-not-applicable'] },
  },
  {
    name: 'efforts inside messages are held to the cap like the one outside',
    rows: { [OPUS]: 'medium' },
    asked: [OPUS, { effort: 'high', messageEfforts: ['low', null, 'high', 'high'] }],
    wanted: {
      effect: 'clamp',
      effort: 'medium',
      changes: { effort: 'medium', messageEffortCap: 'medium' },
      reasons: [PERMITTED, 'effort-above-cap', 'effort-above-cap'],
    },
  },
  {
    name: 'an effort inside messages is held to the cap where the one outside is within it',
    rows: { [OPUS]: 'medium' },
    asked: [OPUS, { effort: 'low', messageEfforts: ['ultra'] }],
    wanted: {
      effect: 'clamp',
      effort: 'low',
      changes: { messageEffortCap: 'medium' },
      reasons: [PERMITTED, WITHIN, 'effort-above-cap'],
    },
  },
  {
    name: 'an effort inside messages above the cap is refused where the organisation refuses',
    rows: { [OPUS]: 'medium' },
    more: { effortAction: 'refuse' },
    asked: [OPUS, { effort: 'low', messageEfforts: ['max'] }],
    wanted: { effect: 'deny', changes: {}, reasons: [PERMITTED, WITHIN, 'effort-above-cap'] },
  },
  {
    name: 'an effort inside messages above the cap is only noted where the organisation observes',
    rows: { [OPUS]: 'medium' },
    more: { effortAction: 'observe' },
    asked: [OPUS, { effort: 'low', messageEfforts: ['max'] }],
    wanted: { effect: 'allow', changes: {}, reasons: [PERMITTED, WITHIN, 'effort-above-cap'] },
  },
  {
    name: 'a level inside messages that the model lacks is lowered',
    asked: [OPUS_4_6, { effort: 'high', messageEfforts: ['xhigh'] }],
    wanted: {
      effect: 'clamp',
      changes: { messageEffortCap: 'high' },
      reasons: [PERMITTED, WITHIN, 'effort-not-offered'],
    },
  },
  {
    name: 'a fallback model with a lower cap holds the whole request to it',
    rows: { [SONNET]: 'medium' },
    asked: [FABLE, { effort: 'max', fallbackModels: [SONNET] }],
    wanted: {
      effect: 'clamp',
      effort: 'medium',
      changes: { effort: 'medium' },
      reasons: [PERMITTED, 'fallbacks-permitted', 'effort-above-cap'],
    },
  },
  {
    name: 'an omitted effort takes into account where a fallback model would start',
    rows: { [SONNET_5]: 'medium' },
    asked: [OPUS, { fallbackModels: [SONNET_5] }],
    wanted: {
      effect: 'clamp',
      effort: 'medium',
      changes: { effort: 'medium' },
      reasons: [PERMITTED, 'fallbacks-permitted', 'default-effort-above-cap'],
    },
  },
];

const budget = (cap: 'low' | 'medium' | 'high' | 'xhigh', asked: number, given: number): Case => ({
  name: `a cap of ${cap} lowers a thinking budget of ${asked} to ${given}`,
  rows: { [SONNET_4_5]: cap },
  asked: [SONNET_4_5, { thinkingBudget: asked }],
  wanted: {
    effect: 'clamp',
    changes: { thinkingBudget: given },
    reasons: [PERMITTED, 'effort-not-applicable', 'thinking-budget-above-cap'],
    told: new RegExp(`think for ${given} tokens, and ${asked} were asked for; ${given} were given`),
  },
});

const BUDGETS: readonly Case[] = [
  budget('low', 31_999, 4_000),
  budget('medium', 31_999, 10_000),
  budget('high', 32_000, 31_999),
  budget('xhigh', 64_000, 63_999),
  {
    name: 'a budget at the bound passes',
    rows: { [SONNET_4_5]: 'high' },
    asked: [SONNET_4_5, { thinkingBudget: 31_999 }],
    wanted: {
      effect: 'allow',
      changes: {},
      reasons: [PERMITTED, 'effort-not-applicable', 'thinking-budget-within-cap'],
    },
  },
  {
    name: 'without a limit no budget is too large, whatever the model’s highest level',
    asked: [OPUS_4_5, { thinkingBudget: 60_000 }],
    wanted: { effect: 'allow', changes: {}, reasons: [PERMITTED, WITHIN, 'thinking-budget-within-cap'] },
  },
  {
    name: 'a model with both effort and budget is held to the cap in both',
    rows: { [OPUS_4_6]: 'medium' },
    asked: [OPUS_4_6, { effort: 'max', thinkingBudget: 20_000 }],
    wanted: {
      effect: 'clamp',
      effort: 'medium',
      changes: { effort: 'medium', thinkingBudget: 10_000 },
      reasons: [PERMITTED, 'effort-above-cap', 'thinking-budget-above-cap'],
    },
  },
  {
    name: 'a budget on a model that takes none is left to the provider’s answer',
    rows: { [OPUS]: 'medium' },
    asked: [OPUS, { thinkingBudget: 50_000 }],
    wanted: { effect: 'allow', changes: {}, reasons: [PERMITTED, WITHIN] },
  },
  {
    name: 'a budget above the bound is refused where the organisation refuses',
    rows: { [SONNET_4_5]: 'low' },
    more: { effortAction: 'refuse' },
    asked: [SONNET_4_5, { thinkingBudget: 8_000 }],
    wanted: {
      effect: 'deny',
      reasons: [PERMITTED, 'effort-not-applicable', 'thinking-budget-above-cap'],
      told: /Ask for 4000 or fewer/,
    },
  },
  {
    name: 'a budget above the bound is only noted where the organisation observes',
    rows: { [SONNET_4_5]: 'low' },
    more: { effortAction: 'observe' },
    asked: [SONNET_4_5, { thinkingBudget: 8_000 }],
    wanted: {
      effect: 'allow',
      changes: {},
      reasons: [PERMITTED, 'effort-not-applicable', 'thinking-budget-above-cap'],
    },
  },
];

const check = ({ rows, more, roles, asked: [model, rest], wanted }: Case) => {
  const principal = roles === undefined ? member([], 'user') : member(roles);
  const decision = answer(organisation(rows, more), principal, wants(model, rest));
  const telling = refusalOf(decision) ?? decision.findings.at(-1);
  expect(decision.findings.map(({ reason }) => reason)).toEqual(wanted.reasons);
  expect(decision.effect).toBe(wanted.effect);
  expect(decision.policyVersion).toBe(7);
  if (wanted.used !== undefined) expect(decision.model.used).toBe(wanted.used);
  if (wanted.effort !== undefined) expect(decision.effort.used).toBe(wanted.effort);
  if (wanted.changes !== undefined) expect(decision.changes).toEqual(wanted.changes);
  if (wanted.told !== undefined) expect(telling && explain(telling, 'member')).toMatch(wanted.told);
};

describe('which model answers', () => {
  test.each(MODELS)('$name', check);
});

describe('how hard it may think', () => {
  test.each(EFFORTS)('$name', check);
});

describe('thinking budgets on models that take them', () => {
  test.each(BUDGETS)('$name', check);
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
