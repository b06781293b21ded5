import { describe, test } from 'vitest';
import { type Case, check, PERMITTED, WITHIN } from './test-cases.ts';
import { FABLE, HAIKU_4_5, OPUS, OPUS_4_5, OPUS_4_6, role, SONNET, SONNET_5 } from './test-facts.ts';

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
    name: 'where the organisation refuses all but the lowest, nothing lower is offered',
    rows: { [OPUS]: 'low' },
    more: { effortAction: 'refuse' },
    asked: [OPUS, { effort: 'max' }],
    wanted: {
      effect: 'deny',
      used: null,
      effort: null,
      changes: {},
      reasons: [PERMITTED, 'effort-above-cap'],
      told: /Choose low, or ask an administrator to raise the limit/,
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

describe('how hard it may think', () => {
  test.each(EFFORTS)('$name', check);
});
