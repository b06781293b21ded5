import type { Terminal } from './terminal.ts';

/** Prints a file line by line as it arrives; the end of its last line is the terminal's own. */
export const printFile = async ({ print }: Terminal, pieces: AsyncIterable<string>): Promise<void> => {
  let rest = '';
  for await (const piece of pieces) {
    const text = rest + piece;
    const end = text.lastIndexOf('\n');
    if (end >= 0) print(text.slice(0, end));
    rest = text.slice(end + 1);
  }
  if (rest !== '') print(rest);
};
