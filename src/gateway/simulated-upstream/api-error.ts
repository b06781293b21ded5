const TYPES: ReadonlyMap<number, string> = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
]);

/** The `error.type` the API uses with an HTTP status; unlisted ones are named by their class (4xx or 5xx). */
export const errorTypeOf = (status: number): string =>
  TYPES.get(status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');

/** The error envelope of every endpoint and of a stream's `error` event. */
export type ErrorEnvelope = {
  readonly type: 'error';
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly details?: { readonly error_code: string };
  };
  readonly request_id: string;
};

type Extra = { readonly retryAfterSeconds?: number | undefined; readonly errorCode?: string };

/** An answer other than success, with the status, sentence and code that the real API would give. */
export class ApiError extends Error {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
  readonly errorCode: string | undefined;

  constructor(status: number, message: string, extra: Extra = {}) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = extra.retryAfterSeconds;
    this.errorCode = extra.errorCode;
  }

  /** The body that tells of this error, under the request's id. */
  envelope(requestId: string): ErrorEnvelope {
    const details = this.errorCode === undefined ? {} : { details: { error_code: this.errorCode } };
    return {
      type: 'error',
      error: { type: errorTypeOf(this.status), message: this.message, ...details },
      request_id: requestId,
    };
  }
}

/** A 400 that names the field and what is wrong with it. */
export const invalid = (message: string): ApiError => new ApiError(400, message);
