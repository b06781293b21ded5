import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvLine } from '../../platform/csv.ts';
import { readCsv } from './read-csv.ts';

const tableOf = (text: string) => readCsv(text).rows.map(({ line, cells }) => [line, Object.fromEntries(cells)]);

it.each([
  [
    'plain lines',
    'a,b\r\n1,2\r\n3,\r\n',
    [
      [2, { a: '1', b: '2' }],
      [3, { a: '3', b: '' }],
    ],
  ],
  ['a mark of the byte order, and headings in capitals', '\uFEFFA, B\n1,2', [[2, { a: '1', b: '2' }]]],
  ['semicolons', 'a;b\n"1,5";2', [[2, { a: '1,5', b: '2' }]]],
  [
    'quotation marks, separators and line ends in cells',
    'a,b\n"x ""y"", z","1\n2"\nq,r',
    [
      [2, { a: 'x "y", z', b: '1\n2' }],
      [4, { a: 'q', b: 'r' }],
    ],
  ],
  ['empty lines, which count', 'a,b\n\n,\n1,2\n', [[4, { a: '1', b: '2' }]]],
  [
    'cells too few and too many',
    'a,b\n1\n1,2,3',
    [
      [2, { a: '1', b: '' }],
      [3, { a: '1', b: '2' }],
    ],
  ],
  ['what was made harmless for spreadsheets', "a,b\n'=1+1,'tis", [[2, { a: '=1+1', b: "'tis" }]]],
  ['nothing', '', []],
])('reads %s', (_, text, rows) => expect(tableOf(text)).toEqual(rows));

it('reads every file that Remit writes as it was', () => {
  // Blanks around a text are not kept, and a line without anything is none.
  const cell = fc.string().map((text) => text.trim().replace(/^'+/, ''));
  const row = fc.tuple(cell, cell).filter((cells) => cells.some((text) => text !== ''));
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      const text = [['a', 'b'], ...rows].map(csvLine).join('');
      expect(readCsv(text).rows.map(({ cells }) => [...cells.values()])).toEqual(rows);
    }),
  );
});
