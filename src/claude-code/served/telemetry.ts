import { callerOf } from '../caller.ts';
import type { ClaudeCodeDeps } from '../deps.ts';

/** More than Claude Code sends at a time; what is beyond it is not read. */
const BYTES_READ_MAX = 8 * 1024 * 1024;

/**
 * `POST /v1/metrics`, `/v1/logs` and `/v1/traces` (OTLP over HTTP) of a signed-in client: taken and thrown away. The client
 * sends them nowhere else, and would report a failure for as long as nobody takes them.
 */
export const answerTelemetry = async (
  deps: Pick<ClaudeCodeDeps, 'policy' | 'now'>,
  request: Request,
): Promise<Response> => {
  await callerOf(deps, request);
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length;
    if (bytes > BYTES_READ_MAX) break;
  }
  const isJson = request.headers.get('content-type')?.startsWith('application/json') === true;
  // An empty message in either encoding: everything was accepted.
  return new Response(isJson ? '{}' : null, {
    headers: { 'content-type': isJson ? 'application/json' : 'application/x-protobuf', 'cache-control': 'no-store' },
  });
};
