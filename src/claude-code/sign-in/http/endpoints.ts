import { createAttempts, placeOf, revokeToken } from '../../../directory/index.ts';
import type { ClientFacts } from '../../../platform/index.ts';
import type { ClaudeCodeDeps } from '../../deps.ts';
import { beginSignIn, SIGN_IN_MS } from '../begin-sign-in.ts';
import { POLL_SECONDS } from '../redeem-device-code.ts';
import { answerToken } from './answer-token.ts';
import { discovery } from './discovery.ts';
import { doerOf, FormTooLarge, readForm } from './exchange.ts';
import { oauthError, oauthReply } from './oauth-answer.ts';

const WINDOW_MS = 10 * 60 * 1000;

/** What Claude Code's sign-in asks of an authorization server. Nothing here redirects, and nothing reads a cookie. */
export type SignInEndpoints = {
  discovery(request: Request): Response;
  deviceAuthorization(request: Request, client: ClientFacts): Promise<Response>;
  token(request: Request, client: ClientFacts): Promise<Response>;
  revoke(request: Request, client: ClientFacts): Promise<Response>;
};

/** Opens the endpoints. How many sign-ins begin is limited for each place they come from. */
export const createSignInEndpoints = (deps: ClaudeCodeDeps): SignInEndpoints => {
  const begun = createAttempts({ max: deps.settings.signInsPerAddress, windowMs: WINDOW_MS, now: deps.now });

  /** What is not foreseen is logged whole and answered in OAuth's form. */
  const guarded =
    (answer: SignInEndpoints['token']): SignInEndpoints['token'] =>
    async (request, client) => {
      try {
        return await answer(request, client);
      } catch (thrown) {
        if (thrown instanceof FormTooLarge) return oauthError('invalid_request', 400, 'The form is too large.');
        deps.log.error({ err: thrown, path: new URL(request.url).pathname }, 'a sign-in of a device failed');
        return oauthError('server_error', 500, 'Something went wrong inside Remit. Try again in a moment.');
      }
    };

  return {
    // Clients of MCP look here too when their key was refused, and must not take Claude Code's sign-in for one of theirs:
    // they would stumble over it instead of showing the sentence about keys.
    discovery: ({ headers }) =>
      headers.has('mcp-protocol-version')
        ? new Response(null, { status: 404 })
        : oauthReply(discovery(deps.publicUrl())),

    deviceAuthorization: guarded(async (request, client) => {
      const waitMs = begun.count(placeOf(client.address));
      if (waitMs > 0)
        return oauthError('slow_down', 429, 'Many sign-ins have begun from this address. Try again later.', {
          'retry-after': String(Math.ceil(waitMs / 1000)),
        });
      const form = await readForm(request);
      const { deviceCode, userCode } = await beginSignIn(deps)(form('surface'), doerOf(deps, request, client));
      const page = `${deps.publicUrl()}/device`;
      const { loginNotice } = deps.settings;
      return oauthReply({
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: page,
        verification_uri_complete: `${page}?user_code=${userCode}`,
        expires_in: SIGN_IN_MS / 1000,
        interval: POLL_SECONDS,
        ...(loginNotice === null ? {} : { login_notice: loginNotice }),
      });
    }),

    token: guarded(async (request, client) =>
      answerToken(deps, await readForm(request), doerOf(deps, request, client)),
    ),

    revoke: guarded(async (request, client) => {
      const token = (await readForm(request))('token');
      if (token === null) return oauthError('invalid_request', 400, 'token is missing.');
      await revokeToken(deps)(token, doerOf(deps, request, client));
      await deps.afterChange();
      // The same for a token that nobody knows (RFC 7009 §2.2).
      return oauthReply({});
    }),
  };
};
