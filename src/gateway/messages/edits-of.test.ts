import { expect, it } from 'vitest';
import { BRINGS_NOTHING, type Changes } from '../../access/index.ts';
import { applyEdits, scanRequest } from '../scan/index.ts';
import { editsOf } from './edits-of.ts';
import { wantedOf } from './wanted.ts';

const scan = (body: string) => {
  const scanned = scanRequest(Buffer.from(body));
  if (!scanned.ok) throw new Error(scanned.problem);
  return scanned.request;
};

/** The body as it is forwarded. */
const forwarded = (body: string, changes: Changes): string =>
  applyEdits(Buffer.from(body), editsOf(scan(body), changes)).toString();

const REST = '"messages": [ ],  "ünknown":[1.50,{"a":null}]}';

it.each<readonly [string, string, Changes, string]>([
  ['nothing', `{"model":"opus", ${REST}`, {}, `{"model":"opus", ${REST}`],
  ['the model', `{"model" : "opus", ${REST}`, { model: 'claude-opus-5-5' }, `{"model" : "claude-opus-5-5", ${REST}`],
  [
    'an effort that is there',
    `{"output_config":{"effort":"max","x":1},"model":"m",${REST}`,
    { effort: 'low' },
    `{"output_config":{"effort":"low","x":1},"model":"m",${REST}`,
  ],
  [
    'an effort of null',
    `{"output_config":{"effort":null},"model":"m",${REST}`,
    { effort: 'low' },
    `{"output_config":{"effort":"low"},"model":"m",${REST}`,
  ],
  [
    'an effort that is not there',
    `{"model":"m",${REST}`,
    { effort: 'low' },
    `{"output_config":{"effort":"low"},"model":"m",${REST}`,
  ],
  [
    'an empty output_config',
    `{"model":"m","output_config":{ },${REST}`,
    { effort: 'low' },
    `{"model":"m","output_config":{"effort":"low" },${REST}`,
  ],
  [
    'an output_config without effort',
    `{"model":"m","output_config":{"format":1},${REST}`,
    { effort: 'low' },
    `{"model":"m","output_config":{"effort":"low","format":1},${REST}`,
  ],
  [
    'an output_config of null',
    `{"model":"m","output_config":null,${REST}`,
    { effort: 'low' },
    `{"model":"m","output_config":{"effort":"low"},${REST}`,
  ],
  [
    'efforts of messages above the cap or unknown, and no others',
    '{"model":"m","messages":[{"output_config":{"effort":"max"}},{"output_config":{"effort":"low"}},{"output_config":{"effort":"new"}},{"output_config":{"effort":null}}]}',
    { messageEffortCap: 'medium' },
    '{"model":"m","messages":[{"output_config":{"effort":"medium"}},{"output_config":{"effort":"low"}},{"output_config":{"effort":"medium"}},{"output_config":{"effort":null}}]}',
  ],
  [
    'efforts of fallbacks',
    `{"model":"m","fallbacks":[{"model":"n","output_config":{"effort":"max"}}],${REST}`,
    { messageEffortCap: 'high' },
    `{"model":"m","fallbacks":[{"model":"n","output_config":{"effort":"high"}}],${REST}`,
  ],
  [
    'thinking budgets above the bound, also of fallbacks',
    `{"model":"m","thinking":{"type":"enabled","budget_tokens":32000},"fallbacks":[{"model":"n","thinking":{"type":"enabled","budget_tokens":9000}},{"model":"o","thinking":{"type":"enabled","budget_tokens":10000}}],${REST}`,
    { thinkingBudget: 9000 },
    `{"model":"m","thinking":{"type":"enabled","budget_tokens":9000},"fallbacks":[{"model":"n","thinking":{"type":"enabled","budget_tokens":9000}},{"model":"o","thinking":{"type":"enabled","budget_tokens":9000}}],${REST}`,
  ],
  [
    'everything at once',
    `{"thinking":{"type":"enabled","budget_tokens":5000},"model":"opus",${REST}`,
    { model: 'm', effort: 'high', messageEffortCap: 'low', thinkingBudget: 4000 },
    `{"output_config":{"effort":"high"},"thinking":{"type":"enabled","budget_tokens":4000},"model":"m",${REST}`,
  ],
  ['a model name to be quoted', `{"model":"x",${REST}`, { model: 'a"b' }, `{"model":"a\\"b",${REST}`],
])('changes %s and leaves every other byte as it was', (_, body, changes, wanted) => {
  expect(forwarded(body, changes)).toBe(wanted);
  expect(JSON.parse(wanted)).toBeTypeOf('object');
});

it('sends what was decided: scanned again, the body asks for just that', () => {
  const body = `{"model":"opus","messages":[{"output_config":{"effort":"max"}}],"thinking":{"type":"enabled","budget_tokens":9}}`;
  const after = scan(forwarded(body, { model: 'm', effort: 'low', messageEffortCap: 'medium', thinkingBudget: 5 }));
  expect(wantedOf(after, 'api')).toEqual({
    model: 'm',
    effort: 'low',
    messageEfforts: ['medium'],
    thinkingBudget: 5,
    fallbackModels: [],
    ...BRINGS_NOTHING,
  });
});
