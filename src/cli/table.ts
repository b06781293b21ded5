/** A column of a table: its heading and the text of a row in it. */
export type Column<Row> = {
  readonly heading: string;
  readonly of: (row: Row) => string;
  readonly isNumber?: boolean;
};

const GAP = '  ';

// Length in characters as people count them, near enough for names with accents.
const widthOf = (text: string): number => [...text.normalize('NFC')].length;

const pad = (text: string, width: number, isNumber: boolean): string => {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return isNumber ? blanks + text : text + blanks;
};

/** Rows as text in columns, headings first; `none` when there is no row. */
export const renderTable = <Row>(rows: readonly Row[], columns: readonly Column<Row>[], none: string): string => {
  if (rows.length === 0) return none;
  const cells = rows.map((row) => columns.map(({ of }) => of(row)));
  const widths = columns.map(({ heading }, at) =>
    Math.max(widthOf(heading), ...cells.map((line) => widthOf(line[at] ?? ''))),
  );
  const draw = (line: readonly string[]) =>
    line
      .map((text, at) => pad(text, widths[at] ?? 0, columns[at]?.isNumber === true))
      .join(GAP)
      .trimEnd();
  return [columns.map(({ heading }) => heading.toUpperCase()), ...cells].map(draw).join('\n');
};
