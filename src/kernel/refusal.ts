/**
 * Why Remit says no: a closed vocabulary. Features throw a {@link Refusal} with one of these codes; only the renderers
 * (Messages, Admin) know which HTTP status and error type each becomes.
 */
export type RefusalCode =
  | 'invalid_request'
  | 'unauthenticated'
  | 'credential_revoked'
  | 'permission_denied'
  | 'not_found'
  | 'conflict'
  | 'too_large'
  | 'rate_limited'
  | 'model_not_permitted'
  | 'effort_not_permitted'
  | 'capability_not_permitted'
  | 'tool_not_permitted'
  | 'spend_limit_reached'
  | 'ledger_unreachable'
  | 'upstream_unreachable'
  | 'upstream_credential_rejected'
  | 'upstream_redirected'
  | 'upstream_timeout'
  | 'store_unavailable'
  | 'shutting_down';

/** Extra facts for a machine: `details.error_code` names the cause, as in the Admin API's error envelope. */
export type RefusalDetails = { readonly error_code: string } & { readonly [fact: string]: unknown };

/**
 * An answer of "no" that the person asking may read. `message` is public: one or more whole sentences that say what to
 * do next. `internal` is for the log only.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly details: RefusalDetails | undefined;
  readonly internal: unknown;

  constructor(code: RefusalCode, message: string, more: { details?: RefusalDetails; internal?: unknown } = {}) {
    super(message);
    this.code = code;
    this.details = more.details;
    this.internal = more.internal;
  }
}
