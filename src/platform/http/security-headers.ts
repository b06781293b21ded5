import type { Context, MiddlewareHandler } from 'hono';

const YEAR_SECONDS = 365 * 24 * 3600;

/** What every answer tells a browser; a page sets a policy of its own, which then stands. */
const ALWAYS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Sets the security headers of all answers, and on https HSTS for a year: of this host only, because what else its
 * domain serves is not ours to say. No `access-control-…` header is ever sent: no other site may read our answers.
 */
export const securityHeaders =
  (isSecure: (context: Context) => boolean): MiddlewareHandler =>
  async (context, next) => {
    await next();
    const { headers } = context.res;
    for (const [name, value] of Object.entries(ALWAYS)) if (!headers.has(name)) headers.set(name, value);
    if (isSecure(context)) headers.set('strict-transport-security', `max-age=${YEAR_SECONDS}`);
  };
