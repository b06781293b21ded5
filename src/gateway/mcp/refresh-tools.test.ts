import { expect, it } from 'vitest';
import { compareTools } from './refresh-tools.ts';
import type { KnownTool } from './server-store.ts';

const tool = (name: string, description = 'does it'): KnownTool => ({
  name,
  title: null,
  description,
  readOnly: null,
  destructive: null,
});

it('tells what came, what went, and what is said to do something else under its old name', () => {
  const before = [tool('stays'), tool('goes'), tool('turns')];
  const after = [tool('turns', 'does something else'), tool('stays'), tool('comes')];
  expect(compareTools(before, after)).toEqual({ added: ['comes'], removed: ['goes'], changed: ['turns'] });
  expect(compareTools(after, after)).toEqual({ added: [], removed: [], changed: [] });
});
