import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { signInProblem } from './problems.ts';
import type { Claims } from './rules/read-claims.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const CLOCK_TOLERANCE_SECONDS = 60;
const AGE_SECONDS_MAX = 300;

/** By whom and for whom a logout token must have been made, and the keys that can have signed it. */
export type LogoutTokenRules = { readonly issuer: string; readonly clientId: string; readonly keys: unknown };

/** Checks a logout token (Back-Channel Logout 1.0 §2.6): signature, issuer, audience, age, event, and that it has no nonce. */
export const readLogoutToken = async (token: string, { issuer, clientId, keys }: LogoutTokenRules): Promise<Claims> => {
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys as JSONWebKeySet), {
    issuer,
    audience: clientId,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    maxTokenAge: AGE_SECONDS_MAX,
  }).catch((cause: unknown) => {
    throw signInProblem('sso_answer_invalid', cause);
  });
  const { events, nonce, sub, sid } = payload;
  const isEvent = typeof events === 'object' && events !== null && Object.hasOwn(events, EVENT);
  if (!isEvent || nonce !== undefined || (sub === undefined && sid === undefined))
    throw signInProblem('sso_answer_invalid', 'the logout token lacks its event, or is an ID token');
  return payload;
};
