import fc from 'fast-check';
import { expect, it } from 'vitest';
import { headerLines, splitHeaderLines } from './header-lines.ts';

const name = fc.stringMatching(/^[a-z-]{1,12}$/);
const value = fc.stringMatching(/^[\x20-\x7e]{0,20}$/);

it('splits into what it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
      expect(splitHeaderLines(headerLines(pairs.flat()))).toEqual(pairs.flat());
    }),
  );
});

it('refuses a value that would break its line', () => {
  expect(() => headerLines(['x-a', 'b\r\nset-cookie: c'])).toThrow(TypeError);
});
