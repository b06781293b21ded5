import { createClient } from '../../platform/contract.ts';

const QUIET_MS = 2 * 60_000;

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
const fetchFromConsole: typeof fetch = (input, init) =>
  fetch(input, {
    ...init,
    headers: { ...(init?.headers as Record<string, string>), 'remit-console': isQuiet() ? 'idle' : 'active' },
  });

const isQuiet = (): boolean => Date.now() - lastInputAt > QUIET_MS;

/** Calls one of the server's endpoints with the session cookie; throws `ApiError` for every answer but 2xx. */
export const call = createClient({ fetch: fetchFromConsole });
