import { createInterface } from 'node:readline/promises';

/** Where a command writes and whom it can ask; tests give one that keeps the text. */
export type Terminal = {
  /** A line of the result. */
  readonly print: (text: string) => void;
  /** A line about what went wrong, or about how far it has come. */
  readonly complain: (text: string) => void;
  /** Asks the person in front of it; null where nobody is, as in a pipeline. */
  readonly ask: ((question: string) => Promise<string>) | null;
};

const ask = async (question: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
};

/** The terminal of this process. */
export const processTerminal = (): Terminal => ({
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
});
