import { Refusal } from '../../../kernel/index.ts';
import { type Log, renderError } from '../../../platform/index.ts';
import { errorBody, ScimError } from '../rules/scim-error.ts';
import type { Answer } from './exchange.ts';

/** Says no in SCIM's words (RFC 7644 §3.12), whatever was thrown; what is neither refusal is a bug and goes to the log. */
export const answerFailure =
  (log: Log, requestId: string) =>
  (thrown: unknown): Answer => {
    if (thrown instanceof ScimError) {
      const { status, message, scimType, headers } = thrown;
      return { status, body: errorBody(status, message, scimType), headers, scimType };
    }
    if (!(thrown instanceof Refusal))
      log.error({ requestId, err: thrown }, 'a SCIM request failed in a way nobody planned');
    const { status, body } = renderError(thrown, requestId);
    return { status, body: errorBody(status, body.error.message) };
  };
