import { expect, it } from 'vitest';
import { type LadderStep, readStep, stepText } from './contract.ts';

const STEPS: readonly (readonly [string, LadderStep])[] = [
  ['80:notify', { at_percent: 80, action: 'notify' }],
  ['90:lower_effort:low', { at_percent: 90, action: 'lower_effort', effort: 'low' }],
  ['95:restrict_models:haiku', { at_percent: 95, action: 'restrict_models', families: ['haiku'] }],
  ['99:restrict_models:haiku,sonnet', { at_percent: 99, action: 'restrict_models', families: ['haiku', 'sonnet'] }],
];

it.each(STEPS)('%s is one step, written and read', (text, step) => {
  expect(stepText(step)).toBe(text);
  expect(readStep(` ${text} `)).toEqual(step);
});

it.each([
  '',
  'notify',
  '80',
  '0:notify',
  '100:notify',
  '80.5:notify',
  '80:notify:low',
  '80:lower_effort',
  '80:lower_effort:lowest',
  '80:lower_effort:low:high',
  '80:restrict_models',
  '80:restrict_models:',
  '80:stop',
])('“%s” is no step', (text) => expect(readStep(text)).toBeUndefined());
