import { ConfigError } from '../platform/index.ts';
import type { Serving } from './serve.ts';

/** Writes a line for whoever started the program. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

// One Ctrl-C comes twice where both the terminal and a wrapper (npm, timeout) deliver it; nobody presses it that fast.
const ECHO_MS = 500;

/** Ends the process in good order at the first SIGINT or SIGTERM, at once at the next that somebody sends on purpose. */
export const stopOnSignals = ({ log, stop }: Pick<Serving, 'log' | 'stop'>): void => {
  let firstAt: number | undefined;
  const hear = (signal: string): void => {
    if (firstAt !== undefined) {
      if (performance.now() - firstAt > ECHO_MS) process.exit(1);
      return;
    }
    firstAt = performance.now();
    print(`${signal}: finishing what is running, then stopping. Send it again to stop at once.`);
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear);
};

const explainFailure = (error: unknown): string => {
  if (error instanceof ConfigError)
    return `The configuration has ${error.problems.length === 1 ? 'a mistake' : 'mistakes'}:\n${error.problems.map(({ where, problem }) => `  ${where}: ${problem}`).join('\n')}`;
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return 'The port is in use already. Set REMIT_PORT to another one.';
  return `Remit could not start: ${message ?? String(error)}`;
};

/** Says why the program could not start, in words for the person at the terminal, and ends it with code 1. */
export const failToStart = (error: unknown): never => {
  process.stderr.write(`${explainFailure(error)}\n`);
  process.exit(1);
};
