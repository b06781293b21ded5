import { expect, it } from 'vitest';
import { gather } from './gather.ts';

it('asks once for what is wanted in one turn, in calls of a size, and answers each its own', async () => {
  const calls: (readonly string[])[] = [];
  const lengthOf = gather(2, async (ids) => {
    calls.push(ids);
    return new Map(ids.filter((id) => id !== 'none').map((id) => [id, id.length]));
  });
  expect(await Promise.all(['a', 'bb', 'none', 'a'].map(lengthOf))).toEqual([1, 2, undefined, 1]);
  expect(calls).toEqual([
    ['a', 'bb'],
    ['none', 'a'],
  ]);
  expect(await lengthOf('cccc')).toBe(4);
  expect(calls).toHaveLength(3);
});

it('fails for all that stood in a call that failed, and asks anew afterwards', async () => {
  let isDown = true;
  const read = gather(9, async (ids) => {
    if (isDown) throw new Error('down');
    return new Map(ids.map((id) => [id, id]));
  });
  expect(await Promise.allSettled([read('a'), read('b')])).toMatchObject([
    { status: 'rejected' },
    { status: 'rejected' },
  ]);
  isDown = false;
  expect(await read('a')).toBe('a');
});
