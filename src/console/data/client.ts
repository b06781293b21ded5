import { createClient } from '../../platform/contract.ts';
import { NoAnswerError } from '../kit/error-words.ts';

const QUIET_MS = 2 * 60_000;

/** A page waits no longer for what it reads. Changes are waited for without end: they may have been made. */
const READING_SECONDS = 30;

let lastInputAt = Date.now();
const noticeInput = (): void => {
  lastInputAt = Date.now();
};
if (typeof window !== 'undefined')
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const)
    window.addEventListener(kind, noticeInput, { passive: true, capture: true });

/**
 * Sends a call with the header that tells the server it comes from the console, and whether a person is at it: a page
 * that only keeps itself fresh must not keep its session alive.
 */
const fetchFromConsole: typeof fetch = (input, init) => {
  const headers = { ...(init?.headers as Record<string, string>), 'remit-console': isQuiet() ? 'idle' : 'active' };
  return init?.method === 'GET' ? fetchInTime(input, { ...init, headers }) : fetch(input, { ...init, headers });
};

const fetchInTime: typeof fetch = (input, init) => {
  const late = new AbortController();
  setTimeout(() => late.abort(new NoAnswerError(READING_SECONDS)), READING_SECONDS * 1000);
  return fetch(input, { ...init, signal: late.signal });
};

const isQuiet = (): boolean => Date.now() - lastInputAt > QUIET_MS;

/** Calls one of the server's endpoints with the session cookie; throws `ApiError` for every answer but 2xx. */
export const call = createClient({ fetch: fetchFromConsole });
