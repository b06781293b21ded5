import type { ClientFacts } from '../platform/index.ts';
import type { ClaudeCodeDeps } from './deps.ts';
import { answering } from './served/exchange.ts';
import { answerManagedSettings } from './served/managed-settings.ts';
import { answerTelemetry } from './served/telemetry.ts';
import { createSignInEndpoints } from './sign-in/http/endpoints.ts';
import { answerUsage } from './usage/show-usage.ts';

/** Answers one request of a program, not of a browser. */
export type Answer = (request: Request, client: ClientFacts) => Promise<Response> | Response;

/** What Claude Code asks of a gateway beside the Messages API, by method and path (gateway protocol B1). */
export const openClaudeCode = (
  deps: ClaudeCodeDeps,
): readonly (readonly [method: 'GET' | 'POST', path: string, Answer])[] => {
  const signIn = createSignInEndpoints(deps);
  const telemetry = answering(deps, (request) => answerTelemetry(deps, request));
  return [
    ['GET', '/.well-known/oauth-authorization-server', signIn.discovery],
    ['POST', '/oauth/device_authorization', signIn.deviceAuthorization],
    ['POST', '/oauth/token', signIn.token],
    ['POST', '/oauth/revoke', signIn.revoke],
    ['GET', '/managed/settings', answering(deps, (request) => answerManagedSettings(deps, request))],
    ['GET', '/api/oauth/usage', answering(deps, (request) => answerUsage(deps, request))],
    ['POST', '/v1/metrics', telemetry],
    ['POST', '/v1/logs', telemetry],
    ['POST', '/v1/traces', telemetry],
  ];
};
