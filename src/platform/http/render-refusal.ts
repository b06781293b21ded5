import { Refusal, type RefusalCode } from '../../kernel/index.ts';

/** The error envelope of the Claude APIs: `{type:"error", error:{type, message, details?}, request_id}`. */
export type ErrorEnvelope = {
  readonly type: 'error';
  readonly error: { readonly type: string; readonly message: string; readonly details?: Record<string, unknown> };
  readonly request_id: string;
};

export type RenderedRefusal = { readonly status: number; readonly body: ErrorEnvelope };

/** HTTP status and `error.type` of each code, as the Claude APIs pair them. */
const WIRE: Readonly<Record<RefusalCode, readonly [status: number, type: string]>> = {
  invalid_request: [400, 'invalid_request_error'],
  unauthenticated: [401, 'authentication_error'],
  credential_revoked: [401, 'authentication_error'],
  permission_denied: [403, 'permission_error'],
  model_not_permitted: [403, 'permission_error'],
  effort_not_permitted: [403, 'permission_error'],
  capability_not_permitted: [403, 'permission_error'],
  tool_not_permitted: [403, 'permission_error'],
  not_found: [404, 'not_found_error'],
  conflict: [409, 'conflict_error'],
  too_large: [413, 'request_too_large'],
  rate_limited: [429, 'rate_limit_error'],
  // As the vendor's own gateway answers (claude-code-gateway B5.4); Claude Code shows the message as it is.
  spend_limit_reached: [429, 'billing_error'],
  ledger_unreachable: [429, 'billing_error'],
  upstream_unreachable: [502, 'api_error'],
  upstream_credential_rejected: [502, 'api_error'],
  upstream_redirected: [502, 'api_error'],
  upstream_timeout: [504, 'timeout_error'],
  store_unavailable: [503, 'api_error'],
  shutting_down: [503, 'overloaded_error'],
};

const GENERIC_MESSAGE =
  'Something went wrong inside Remit. The administrator can find the cause in the log under the request id.';

/** Renders what a handler threw. Anything but a {@link Refusal} is a bug and says nothing of its message. */
export const renderError = (thrown: unknown, requestId: string): RenderedRefusal => {
  if (!(thrown instanceof Refusal))
    return {
      status: 500,
      body: { type: 'error', error: { type: 'api_error', message: GENERIC_MESSAGE }, request_id: requestId },
    };
  const [status, type] = WIRE[thrown.code];
  const { details } = thrown;
  return {
    status,
    body: {
      type: 'error',
      error: { type, message: thrown.message, ...(details === undefined ? {} : { details }) },
      request_id: requestId,
    },
  };
};

/** Codes after which the same request may well succeed. */
const WORTH_RETRYING: ReadonlySet<RefusalCode> = new Set([
  'upstream_unreachable',
  'upstream_timeout',
  'store_unavailable',
  'shutting_down',
]);

/**
 * What `x-should-retry` says, which official clients obey: they would otherwise retry every 409. Two changes that met are
 * worth another try. Undefined for mistakes of ours, where the client's own rule is as good as any.
 */
export const shouldRetry = (thrown: unknown): boolean | undefined => {
  if (!(thrown instanceof Refusal)) return undefined;
  return WORTH_RETRYING.has(thrown.code) || thrown.details?.error_code === 'concurrent_membership_change';
};
