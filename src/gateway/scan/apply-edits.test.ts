import { describe, expect, test } from 'vitest';
import { applyEdits, type Edit } from './apply-edits.ts';

const edited = (body: string, ...edits: readonly (readonly [number, number, string])[]): string =>
  applyEdits(
    Buffer.from(body),
    edits.map(([start, end, text]): Edit => ({ start, end, text })),
  ).toString();

describe('applyEdits', () => {
  test('makes edits given in any order', () => expect(edited('0123456789', [8, 9, 'B'], [1, 4, 'A'])).toBe('0A4567B9'));
  test('without edits copies the body', () => expect(edited('{"a":1}')).toBe('{"a":1}'));
  test('inserts before what it replaces at the same offset', () =>
    expect(edited('abc', [1, 2, 'X'], [1, 1, '+'])).toBe('a+Xc'));
  test('keeps the order of insertions at one offset', () =>
    expect(edited('ab', [1, 1, '1'], [1, 1, '2'])).toBe('a12b'));
  test('inserts at both ends', () => expect(edited('ab', [2, 2, '>'], [0, 0, '<'])).toBe('<ab>'));
  test('counts offsets in bytes', () => expect(edited('é"a"', [3, 4, '😀'])).toBe('é"😀"'));

  test('leaves the body it was given as it was', () => {
    const body = Buffer.from('abc');
    applyEdits(body, [{ start: 0, end: 3, text: 'xyz' }]);
    expect(body.toString()).toBe('abc');
  });

  test.each<{ what: string; edits: [number, number, string][] }>([
    {
      what: 'overlap',
      edits: [
        [0, 2, ''],
        [1, 3, ''],
      ],
    },
    {
      what: 'stand one in the other',
      edits: [
        [0, 4, ''],
        [1, 1, 'x'],
      ],
    },
    { what: 'end before they start', edits: [[2, 1, '']] },
    { what: 'reach past the end', edits: [[3, 6, '']] },
    { what: 'begin before the start', edits: [[-1, 1, '']] },
  ])('throws on edits that $what', ({ edits }) => {
    expect(() => edited('01234', ...edits)).toThrow(RangeError);
  });
});
