import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from '../../platform/contract.ts';
import { NoAnswerError } from '../kit/error-words.ts';

const RETRIES = 2;

/** Refusals are answers and do not change by asking again; who waited long enough decides for themselves whether to wait again. */
const isFinal = (error: unknown): boolean =>
  error instanceof NoAnswerError || (error instanceof ApiError && error.status < 500);

/** Only a server that is down or ill is asked again. */
const worthRetrying = (failures: number, error: unknown): boolean => failures < RETRIES && !isFinal(error);

/** A session that ended is noticed by whichever call meets it first; asking who is signed in leads to the sign-in page. */
const noticeEndedSession = (error: unknown): void => {
  if (error instanceof ApiError && error.status === 401) void queryClient.invalidateQueries({ queryKey: ['session'] });
};

/** What has been read from the server, for the life of the page. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeEndedSession }),
  mutationCache: new MutationCache({ onError: noticeEndedSession }),
  defaultOptions: { queries: { retry: worthRetrying, staleTime: 15_000 } },
});
