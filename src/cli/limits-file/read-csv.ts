/** A line of a table: the number of the line it begins on, and its cells by their headings. */
export type CsvRow = { readonly line: number; readonly cells: ReadonlyMap<string, string> };
export type CsvTable = { readonly headings: readonly string[]; readonly rows: readonly CsvRow[] };

const BYTE_ORDER_MARK = '\uFEFF';

type Read = { readonly line: number; readonly cells: readonly string[] };

/** Cells as RFC 4180 has them: one in quotation marks may hold separators, line ends and doubled quotation marks. */
const readRecords = (text: string, separator: string): readonly Read[] => {
  const records: Read[] = [];
  let [line, cells, cell, isQuoted]: [number, string[], string, boolean] = [1, [], '', false];
  let begunOn = 1;
  const endCell = (): void => {
    cells.push(cell);
    cell = '';
  };
  const endRecord = (): void => {
    endCell();
    if (cells.some((one) => one !== '')) records.push({ line: begunOn, cells });
    cells = [];
    begunOn = line + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (isQuoted && char === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (char === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (isQuoted || (char !== separator && char !== '\n' && char !== '\r')) cell += char;
    else if (char === separator) endCell();
    else if (char === '\n') endRecord();
    if (char === '\n') line += 1;
  }
  endRecord();
  return records;
};

// Spreadsheets of many countries write semicolons, because a comma is in their numbers.
const separatorOf = (text: string): string => {
  const heading = text.slice(0, text.search(/[\r\n]|$/));
  return heading.split(';').length > heading.split(',').length ? ';' : ',';
};

// What our own files put before a text that a spreadsheet would run.
const asWritten = (cell: string): string => cell.trim().replace(/^'(?=[=+\-@\t\r])/, '');

/** Reads a CSV file with headings. Lines without anything in them are passed over; headings are in small letters. */
export const readCsv = (text: string): CsvTable => {
  const plain = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  const [heading, ...records] = readRecords(plain, separatorOf(plain));
  const headings = (heading?.cells ?? []).map((name) => name.trim().toLowerCase());
  return {
    headings,
    rows: records.map(({ line, cells }) => ({
      line,
      cells: new Map(headings.map((name, at) => [name, asWritten(cells[at] ?? '')])),
    })),
  };
};
