import { ApiError } from '../platform/contract.ts';

/** A mistake in how the command was called; it ends with exit code 2. */
export class UsageMistake extends Error {
  override readonly name = 'UsageMistake';
}

/** A wish the server cannot fulfil, found out here: nobody of that name, a file that is not there. Exit code 1. */
export class Unfulfilled extends Error {
  override readonly name = 'Unfulfilled';
}

/** What to say of a failure and the exit code it ends with: 2 for a mistake in the call, 1 for everything else. */
export const describeFailure = (error: unknown, url: string): { readonly line: string; readonly exitCode: 1 | 2 } => {
  if (error instanceof UsageMistake) return { line: error.message, exitCode: 2 };
  if (error instanceof Unfulfilled) return { line: error.message, exitCode: 1 };
  if (error instanceof ApiError) {
    const reference = error.requestId === null ? '' : ` (request ${error.requestId})`;
    return { line: `${oneLine(error.message)}${reference}`, exitCode: 1 };
  }
  // fetch throws a TypeError whose cause says what the network did.
  if (error instanceof TypeError && error.cause instanceof Error) {
    const { code, message } = error.cause as Error & { code?: string };
    return {
      line: `Nothing answers at ${url} (${code ?? oneLine(message)}). Is Remit running there? See --url.`,
      exitCode: 1,
    };
  }
  return { line: oneLine(error instanceof Error ? error.message : String(error)), exitCode: 1 };
};

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();
