import { expect, test } from 'vitest';
import { lastUserMessage, readDirectives, typedText } from './directives.ts';

const cases = [
  { name: 'plain text has none', typed: 'say hi', directives: {}, text: 'say hi' },
  {
    name: 'a tool call keeps brackets, braces and quotes of its input',
    typed: 'go [simulate:tool Bash {"command":"echo \\"}]\\" {a}","n":{"x":[1]}}] now',
    directives: { tool: { name: 'Bash', input: { command: 'echo "}]" {a}', n: { x: [1] } } } },
    text: 'go now',
  },
  {
    name: 'a tool call without input has an empty one',
    typed: '[simulate:tool Read]',
    directives: { tool: { name: 'Read', input: {} } },
    text: '',
  },
  {
    name: 'an ill-formed tool call stays text',
    typed: '[simulate:tool Read {"a":]',
    directives: {},
    text: '[simulate:tool Read {"a":]',
  },
  {
    name: '529 brings retry-after by itself',
    typed: '[simulate:error 529]',
    directives: { error: { status: 529, retryAfterSeconds: 1 } },
    text: '',
  },
  {
    name: 'retry-after can be chosen',
    typed: '[simulate:error 429 3600]',
    directives: { error: { status: 429, retryAfterSeconds: 3600 } },
    text: '',
  },
  { name: 'a status that is no error is ignored', typed: '[simulate:error 200]', directives: {}, text: '' },
  {
    name: 'several directives combine',
    typed: '[simulate:slow 50] [simulate:tokens 500] [simulate:gzip] hello',
    directives: { slowMs: 50, textTokens: 500, coding: 'gzip' },
    text: 'hello',
  },
  { name: 'an unknown directive stays text', typed: '[simulate:fly]', directives: {}, text: '[simulate:fly]' },
];

for (const { name, typed, directives, text } of cases) {
  test(name, () => expect(readDirectives(typed)).toEqual({ directives, text }));
}

test('only what a person typed counts: reminders and tool results hold no directives', () => {
  const text = (value: string) => ({ type: 'text', text: value });
  const message = {
    role: 'user',
    content: [
      { type: 'tool_result', tool_use_id: 'toolu_1', content: '[simulate:error 500]' },
      text('<system-reminder>\n[simulate:hang]\n</system-reminder>\nsay hi'),
    ],
  };
  expect(typedText(message)).toBe('say hi');
});

test('the last user message is found behind later system messages', () => {
  const user = { role: 'user', content: 'b' };
  const messages = [{ role: 'user', content: 'a' }, user, { role: 'system', content: 'c' }];
  expect(lastUserMessage(messages)).toBe(user);
});
