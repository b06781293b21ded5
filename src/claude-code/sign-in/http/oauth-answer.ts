/** The errors of OAuth's endpoints: RFC 6749 §5.2, RFC 8628 §3.5, RFC 7009 §2.2. */
export type OAuthError =
  | 'authorization_pending'
  | 'slow_down'
  | 'access_denied'
  | 'expired_token'
  | 'invalid_request'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'server_error';

// Tokens must not stay in any cache on the way (RFC 6749 §5.1).
const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** A reply in JSON that no cache keeps. */
export const oauthReply = (body: object): Response => Response.json(body, { headers: NO_STORE });

/** An error in OAuth's own form; `description` is for the developer of a client. */
export const oauthError = (
  error: OAuthError,
  status: 400 | 401 | 429 | 500,
  description?: string,
  headers: Readonly<Record<string, string>> = {},
): Response =>
  Response.json(
    { error, ...(description === undefined ? {} : { error_description: description }) },
    { status, headers: { ...NO_STORE, ...headers } },
  );
