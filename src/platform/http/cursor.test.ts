import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cursorPage, readCursor, writeCursor } from './cursor.ts';

const refused = expect.objectContaining({ code: 'invalid_request' });

it('leads back to its position, whatever that holds, with the same filters only', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 3 }), fc.string(), fc.string(), (at, one, other) => {
      const cursor = writeCursor(at, ['users', one]);
      expect(readCursor(cursor, ['users', one])).toEqual(at);
      if (one !== other) expect(() => readCursor(cursor, ['users', other])).toThrow(refused);
    }),
  );
});

it.each(['nonsense', 'page_', 'page_!!', `page_${btoa('3')}`, `page_${btoa('[1,2]')}`, `page_${btoa('["x"]')}`])(
  'is refused when it was not given out: %s',
  (cursor) => expect(() => readCursor(cursor, [])).toThrow(refused),
);

it('reads from the start without a cursor', () => {
  expect(readCursor(undefined, [])).toBeUndefined();
  expect(readCursor('', [])).toBeUndefined();
});

it('stands behind the last row of a page, and there is none behind the last page', () => {
  const shape = { toItem: (id: string) => ({ id }), positionOf: (id: string) => [id] };
  const page = cursorPage(['a', 'b', 'c'], { limit: 2, filters: 1 }, shape);
  expect(page).toMatchObject({ data: [{ id: 'a' }, { id: 'b' }], has_more: true });
  expect(readCursor(page.next_page ?? '', 1)).toEqual(['b']);
  expect(cursorPage(['a', 'b'], { limit: 2, filters: 1 }, shape)).toMatchObject({ has_more: false, next_page: null });
  expect(cursorPage([], { limit: 2, filters: 1 }, shape)).toEqual({ data: [], has_more: false, next_page: null });
});
