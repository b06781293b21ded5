/** A value as one cell: text as it is, nothing for null and undefined, everything else as JSON. */
const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

// Spreadsheets run a cell that begins like this as a formula, and what people type into names ends up here.
const FORMULA = /^[=+\-@\t\r]/;

const cell = (value: unknown): string => {
  const text = textOf(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** One line of a CSV file (RFC 4180), with its line end. What a spreadsheet would run as a formula is made text. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(cell).join(',')}\r\n`;
