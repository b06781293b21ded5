import { expect, test } from 'vitest';
import { type Column, renderTable } from './table.ts';

type Row = { readonly name: string; readonly cost: number };

const COLUMNS: readonly Column<Row>[] = [
  { heading: 'name', of: ({ name }) => name },
  { heading: 'cost', of: ({ cost }) => String(cost), isNumber: true },
  { heading: 'note', of: () => '' },
];

test('columns are as wide as their widest text, numbers stand to the right, no line ends in blanks', () => {
  const rows = [
    { name: 'Zoë', cost: 5 },
    { name: 'Alexander', cost: 12_000 },
  ];
  expect(renderTable(rows, COLUMNS, 'none').split('\n')).toEqual([
    'NAME        COST  NOTE',
    'Zoë            5',
    'Alexander  12000',
  ]);
});

test('no rows are said in words', () => {
  expect(renderTable([], COLUMNS, 'No members.')).toBe('No members.');
});
