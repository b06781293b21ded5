/** Where a command writes; tests give one that keeps the text. */
export type Terminal = {
  /** A line of the result. */
  readonly print: (text: string) => void;
  /** A line about what went wrong. */
  readonly complain: (text: string) => void;
};

/** The terminal of this process. */
export const processTerminal = (): Terminal => ({
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
});
