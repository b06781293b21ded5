import { renewGrant, type Tokens } from '../../../directory/index.ts';
import type { Doer } from '../../../kernel/index.ts';
import type { ClaudeCodeDeps } from '../../deps.ts';
import { redeemDeviceCode } from '../redeem-device-code.ts';
import { oauthError, oauthReply } from './oauth-answer.ts';

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

type Form = (name: string) => string | null;

/** The token endpoint (RFC 6749 §3.2): a device's code, once its person has confirmed it, or a refresh token. */
export const answerToken = (deps: ClaudeCodeDeps, form: Form, from: Doer): Promise<Response> => {
  switch (form('grant_type')) {
    case DEVICE_CODE_GRANT:
      return answerDeviceCode(deps, form('device_code'), from);
    case 'refresh_token':
      return answerRefreshToken(deps, form('refresh_token'), from);
    case null:
      return Promise.resolve(oauthError('invalid_request', 400, 'grant_type is missing.'));
    default:
      return Promise.resolve(oauthError('unsupported_grant_type', 400));
  }
};

const answerDeviceCode = async (deps: ClaudeCodeDeps, code: string | null, from: Doer): Promise<Response> => {
  if (code === null) return oauthError('invalid_request', 400, 'device_code is missing.');
  const redeemed = await redeemDeviceCode(deps)(code, from);
  return typeof redeemed === 'string' ? oauthError(redeemed, 400) : answerTokens(deps, redeemed.tokens, redeemed.email);
};

const answerRefreshToken = async (deps: ClaudeCodeDeps, token: string | null, from: Doer): Promise<Response> => {
  if (token === null) return oauthError('invalid_request', 400, 'refresh_token is missing.');
  const renewed = await renewGrant(deps)(token, deps.settings.lifetimes, from);
  // RFC 6749 has 400 here; of the protocol of Claude Code's gateways it is 401 that says: sign in again.
  if (renewed === null) return oauthError('invalid_grant', 401, 'Sign in again.');
  return answerTokens(deps, renewed.tokens, renewed.member.email);
};

const answerTokens = async (deps: ClaudeCodeDeps, tokens: Tokens, email: string): Promise<Response> => {
  // The client comes back with the new token at once.
  await deps.afterChange();
  return oauthReply({
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: Math.max(1, Math.floor((tokens.expiresAt - deps.now()) / 1000)),
    refresh_token: tokens.refreshToken,
    email,
  });
};
