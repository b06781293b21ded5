import { expect, it } from 'vitest';
import { BRINGS_NOTHING, type Wanted } from '../../access/index.ts';
import { scanRequest } from '../scan/index.ts';
import { wantedOf } from './wanted.ts';

const NOTHING: Omit<Wanted, 'model'> = {
  effort: undefined,
  messageEfforts: [],
  thinkingBudget: null,
  fallbackModels: [],
  ...BRINGS_NOTHING,
};

it.each<readonly [string, object, Partial<Wanted>]>([
  ['a model and nothing else', {}, {}],
  ['an effort', { output_config: { effort: 'high' } }, { effort: 'high' }],
  ['an effort of null, which is not the same as none', { output_config: { effort: null } }, { effort: null }],
  ['an output_config without effort', { output_config: {} }, {}],
  [
    'efforts of messages, each once',
    {
      messages: [
        { role: 'user', content: 'a', output_config: { effort: 'low' } },
        { role: 'user', content: 'b', output_config: { effort: 'max' } },
        { role: 'user', content: 'c', output_config: { effort: 'low' } },
        { role: 'user', content: 'd', output_config: { effort: null } },
      ],
    },
    { messageEfforts: ['low', 'max', null] },
  ],
  ['a thinking budget', { thinking: { type: 'enabled', budget_tokens: 4000 } }, { thinkingBudget: 4000 }],
  ['thinking without a budget', { thinking: { type: 'adaptive' } }, {}],
  [
    'fallbacks with efforts and budgets of their own: all of them count',
    {
      thinking: { type: 'enabled', budget_tokens: 4000 },
      fallbacks: [
        { model: 'b', output_config: { effort: 'max' }, thinking: { type: 'enabled', budget_tokens: 9000 } },
        { model: 'c' },
        { model: 'b' },
      ],
    },
    { thinkingBudget: 9000, messageEfforts: ['max'], fallbackModels: ['b', 'c'] },
  ],
  ['fallbacks that the provider chooses', { fallbacks: 'default' }, { fallbackModels: ['default'] }],
  [
    'a tool that calls a model of its own',
    { tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'd' }] },
    { fallbackModels: ['d'] },
  ],
])('finds %s', (_, body, wanted) => {
  const scanned = scanRequest(Buffer.from(JSON.stringify({ model: 'a', messages: [], ...body })));
  if (!scanned.ok) throw new Error(scanned.problem);
  expect(wantedOf(scanned.request, 'api')).toEqual({ model: 'a', ...NOTHING, ...wanted });
});
