import { Refusal } from '../../kernel/index.ts';
import { renderError } from '../../platform/index.ts';
import type { ClaudeCodeDeps } from '../deps.ts';

type Deps = Pick<ClaudeCodeDeps, 'log' | 'newId'>;

/** An answer in JSON that no cache keeps. */
export const reply = (body: object, headers: Readonly<Record<string, string>> = {}): Response =>
  Response.json(body, { headers: { 'cache-control': 'no-store', ...headers } });

/**
 * Answers a request of a signed-in client. Refusals have the Messages API's envelope and say that trying again changes
 * nothing: without that, Claude Code asks for three minutes before it says so (observed, 2.1.330).
 */
export const answering =
  (deps: Deps, answer: (request: Request) => Promise<Response>) =>
  async (request: Request): Promise<Response> => {
    const requestId = deps.newId('request');
    try {
      const response = await answer(request);
      response.headers.set('request-id', requestId);
      return response;
    } catch (thrown) {
      const isPlanned = thrown instanceof Refusal;
      if (!isPlanned) deps.log.error({ requestId, err: thrown }, 'a request failed in a way nobody planned');
      const { status, body } = renderError(thrown, requestId);
      const headers = { 'request-id': requestId, 'cache-control': 'no-store' };
      return Response.json(body, { status, headers: isPlanned ? { ...headers, 'x-should-retry': 'false' } : headers });
    }
  };
