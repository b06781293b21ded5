import type { Context, Hono } from 'hono';
import type { createSignInPages } from '../directory/index.ts';
import type { ClientFacts } from '../platform/index.ts';

// Ids hold nothing else. Whatever else stands there names no provider, and must reach neither a header nor the database.
const ID = /^\w{1,100}$/;

const providerIdOf = (context: Context): string => {
  const asked = context.req.param('provider_id') ?? '';
  return ID.test(asked) ? asked : 'unknown';
};

type Pages = ReturnType<typeof createSignInPages>;

/** Where browsers go, rather than programs, while somebody signs in at an identity provider. */
export const mountSignIn = (app: Hono, pages: Pages, clientOf: (context: Context) => ClientFacts): void => {
  const provider = '/v1/session/providers/:provider_id';
  app.get(`${provider}/begin`, (context) => pages.begin(context.req.raw, providerIdOf(context), clientOf(context)));
  app.get(`${provider}/test`, (context) => pages.test(context.req.raw, providerIdOf(context), clientOf(context)));
  app.get('/v1/session/callback', (context) => pages.callback(context.req.raw, clientOf(context)));
  app.post(`${provider}/backchannel_logout`, (context) =>
    pages.backchannelLogout(context.req.raw, providerIdOf(context), clientOf(context)),
  );
};
