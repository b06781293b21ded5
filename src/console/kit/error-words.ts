import { ApiError } from '../../platform/contract.ts';

/** The server was reached, but said nothing for longer than a page waits. */
export class NoAnswerError extends Error {
  constructor(seconds: number) {
    super(`The server did not answer within ${seconds} seconds. It may be busy: try again in a moment.`);
  }
}

/** Somebody else has saved what a form was about to save, so nothing was sent. */
export class OvertakenError extends Error {
  constructor() {
    super('Somebody else saved meanwhile, so nothing of yours was.');
  }
}

const OURS = [ApiError, NoAnswerError, OvertakenError] as const;

/** What a person may read of an error: the server's own sentence, or that it could not be reached or did not answer. */
export const sentenceOf = (error: unknown): string =>
  error instanceof Error && OURS.some((kind) => error instanceof kind)
    ? error.message
    : 'The server could not be reached. Check the connection and try again.';

/** The sentence and, for a fault of the server, the request's id in the log. */
export const sentenceWithId = (error: unknown): string =>
  error instanceof ApiError && error.status >= 500 && error.requestId !== null
    ? `${error.message} (Request ${error.requestId})`
    : sentenceOf(error);

/** Whether the answer was a refusal for want of permission. */
export const isRefusal = (error: unknown): boolean => error instanceof ApiError && error.status === 403;

/** Whether the answer was that the thing does not exist. */
export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** The machine's name for why the server refused; undefined for everything else. */
export const errorCode = (error: unknown): string | undefined => {
  const code = error instanceof ApiError ? error.details?.error_code : undefined;
  return typeof code === 'string' ? code : undefined;
};
