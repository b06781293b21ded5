import { expect, it } from 'vitest';
import { withEdit } from './edits.ts';

it('keeps one choice for each thing, and none that is saved already', () => {
  const once = withEdit(new Map<string, string>(), 'a', { value: 'on', saved: 'off' });
  expect([...once]).toEqual([['a', 'on']]);
  const twice = withEdit(once, 'a', { value: 'ask', saved: 'off' });
  expect([...twice]).toEqual([['a', 'ask']]);
  expect(withEdit(twice, 'a', { value: 'off', saved: 'off' }).size).toBe(0);
  expect([...once]).toEqual([['a', 'on']]);
});
