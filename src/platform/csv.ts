// Spreadsheets take a cell that begins so for a formula, and run it for whoever opens the file.
const FORMULA = /^[=+\-@\t\r]/;
// An amount below nothing stays a number: as a formula it is that number.
const NUMBER = /^-\d+(?:\.\d+)?$/;

const cell = (text: string): string => {
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** One line of a CSV file (RFC 4180) that no spreadsheet takes for formulas. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

/** The lines of a file, its headings first. They are read as the client takes them. */
export type CsvRows = AsyncIterable<readonly string[]>;

// Without it, spreadsheets read letters beyond English as something else.
const BYTE_ORDER_MARK = '\uFEFF';

const LINES_AT_ONCE = 1000;

/** A CSV file in pieces of a thousand lines, so that a file of any size is never in memory as a whole. */
export async function* csvFile(rows: CsvRows): AsyncGenerator<string> {
  let piece = BYTE_ORDER_MARK;
  let lines = 0;
  for await (const row of rows) {
    piece += csvLine(row);
    lines += 1;
    if (lines % LINES_AT_ONCE !== 0) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

/** Has a reply saved as a file of this name and the day (UTC) of `ms`. */
export const nameFile = (replyHeaders: Headers, name: string, ms: number): void => {
  const day = new Date(ms).toISOString().slice(0, 10);
  replyHeaders.set('content-disposition', `attachment; filename="${name}-${day}.csv"`);
};
