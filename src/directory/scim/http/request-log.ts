import type { AppendTable, Journal } from '../../../platform/index.ts';
import { redact } from '../rules/redact.ts';

const TABLE: AppendTable = {
  name: 'scim_requests',
  columns: [
    'id',
    'directory_id',
    'at',
    'method',
    'path',
    'status',
    'duration_ms',
    'user_agent',
    'request_body',
    'response_body',
  ],
};

// Nobody waits for it: it goes with the next commit, or makes one of its own.
const PATIENCE_MS = 500;

const PATH_CHARS_MAX = 2000;
const BODY_CHARS_REDACTED_MAX = 200_000;

/** A request that has been answered. */
export type Answered = {
  readonly id: string;
  readonly directoryId: string;
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly userAgent: string | null;
  readonly requestText: string;
  readonly responseText: string;
};

// Whoever sends megabytes gets no copy of them: parsing them again would hold everybody up.
const kept = (text: string): string | null => {
  if (text === '') return null;
  return text.length > BODY_CHARS_REDACTED_MAX ? `(${text.length} characters)` : redact(text);
};

/** Keeps what an identity provider asked and was answered, without secrets, for administrators who look for a mistake. */
export const logRequest = (journal: Journal, answered: Answered): void => {
  journal.append(
    TABLE,
    [
      answered.id,
      answered.directoryId,
      answered.at,
      answered.method,
      answered.path.slice(0, PATH_CHARS_MAX),
      answered.status,
      answered.durationMs,
      answered.userAgent,
      kept(answered.requestText),
      // Of what was read, the size is enough; of what was changed or refused, the answer is what one looks for.
      answered.method === 'GET' && answered.status < 400
        ? `(${answered.responseText.length} characters)`
        : kept(answered.responseText),
    ],
    undefined,
    { patienceMs: PATIENCE_MS },
  );
};
