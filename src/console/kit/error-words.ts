import { ApiError } from '../../platform/contract.ts';

/** What a person may read of an error: the server's sentence with its request id, or that it could not be reached. */
export const sentenceOf = (error: unknown): string => {
  if (error instanceof ApiError) {
    const id = error.requestId === null ? '' : ` (request ${error.requestId})`;
    return error.status >= 500 ? `${error.message}${id}` : error.message;
  }
  return 'The server could not be reached. Check the connection and try again.';
};

/** Whether the answer was a refusal for want of permission. */
export const isRefusal = (error: unknown): boolean => error instanceof ApiError && error.status === 403;

/** Whether the answer was that the thing does not exist. */
export const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;
