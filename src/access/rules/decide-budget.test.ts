import { describe, test } from 'vitest';
import { type Case, check, PERMITTED, WITHIN } from './test-cases.ts';
import { OPUS, OPUS_4_5, OPUS_4_6, SONNET_4_5 } from './test-facts.ts';

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

describe('thinking budgets on models that take them', () => {
  test.each(BUDGETS)('$name', check);
});
