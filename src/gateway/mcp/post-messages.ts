import { Refusal } from '../../kernel/index.ts';
import { renderError } from '../../platform/index.ts';
import { storeRefusal } from '../messages/denial.ts';
import { collectBody } from '../read-body.ts';
import type { McpDeps } from './deps.ts';
import { type McpExchange, passOn } from './exchange.ts';
import { type ClientFrame, type ClientFrames, readClientFrames } from './frames/read-client-frames.ts';
import { toRpcError } from './json-rpc.ts';
import { type JudgedFrame, judgeFrame } from './judge-frames.ts';
import { checkMirroredHeaders } from './mirrored-headers.ts';
import { createOpenCalls } from './open-calls.ts';
import { denialOf } from './rule-on-tools.ts';
import { sessionLabel } from './sessions.ts';
import type { McpCallRow } from './tables.ts';
import { listChangedFor, tellOfChanges } from './tell-of-changes.ts';

const checkType = (type: string | undefined): void => {
  if (/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type ?? '')) return;
  throw new Refusal('invalid_request', 'Messages of MCP are sent as application/json in UTF-8.', {
    details: { error_code: 'mcp_message_invalid' },
  });
};

const unreadable = (problem: string): Refusal =>
  new Refusal('invalid_request', problem, {
    details: { error_code: problem.includes('not valid JSON') ? 'mcp_message_not_json' : 'mcp_message_invalid' },
  });

/** Rejects once nobody waits for the body any more: a client may take minutes to send one. */
const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const readMessages = async (deps: McpDeps, exchange: McpExchange) => {
  const { request, admitted, signal } = exchange;
  checkType(request.headers['content-type']);
  const aborted = whenAborted(signal);
  aborted.catch(() => undefined);
  const body = await Promise.race([collectBody(request, admitted.head, deps.messageBytesMax), aborted]);
  const read = readClientFrames(body);
  if ('problem' in read) throw unreadable(read.problem);
  checkMirroredHeaders(request.rawHeaders, read);
  return { body, read };
};

type Decided = {
  readonly judged: readonly JudgedFrame[];
  readonly isHeldBack: boolean;
  readonly bodyBytes: number;
};

const rowOf = (
  deps: McpDeps,
  { requestId, startedAt, admitted }: McpExchange,
  { judged, isHeldBack, bodyBytes }: { judged: JudgedFrame; isHeldBack: boolean; bodyBytes: number },
): McpCallRow | undefined => {
  const { frame, ruling, recorded } = judged;
  if (recorded === null) return undefined;
  const { caller, connector, head, serverSession, snapshot } = admitted;
  return {
    id: deps.newId('mcpCall'),
    request_id: requestId,
    started_at: startedAt,
    node: deps.node,
    user_id: caller.userId,
    group_id: caller.groupId,
    api_key_id: caller.credential.id,
    connector_id: connector.id,
    connector_slug: connector.slug,
    method: recorded,
    name: recorded === 'tools/call' || recorded === 'prompts/get' ? frame.name : null,
    level: ruling.level,
    effect: isHeldBack ? 'deny' : 'allow',
    reason: ruling.reason ?? (isHeldBack ? 'batch-held-back' : null),
    policy_version: snapshot.version,
    client: head.client,
    session: serverSession === null ? null : sessionLabel(serverSession),
    body_bytes: bodyBytes,
  };
};

/** Writes down what was decided, and resolves when that is on disk: no call goes out, and no refusal back, before. */
const record = async (deps: McpDeps, exchange: McpExchange, decided: Decided) => {
  const { judged, isHeldBack, bodyBytes } = decided;
  const rows = judged.map((one) => rowOf(deps, exchange, { judged: one, isHeldBack, bodyBytes }));
  await deps.calls
    .decided(rows.filter((row) => row !== undefined))
    .catch((error: unknown) => Promise.reject(storeRefusal(error instanceof Error ? error : new Error(String(error)))));
  for (const row of rows)
    if (row !== undefined) deps.metrics.decided(row.effect === 'deny' ? 'deny' : (row.level ?? 'none'));
  return rows;
};

/** Answers every request with its error. The status is 200: the exchange went well, and clients read the sentence. */
const answerDenied = (exchange: McpExchange, judged: readonly JudgedFrame[], isBatch: boolean): void => {
  const { requestId, response, admitted } = exchange;
  const errors = judged.flatMap(({ frame, denial }) => {
    if (frame.kind !== 'request') return [];
    const refusal = denial ?? denialOf('batch-held-back', admitted.connector, null);
    return [toRpcError(renderError(refusal, requestId).body, refusal, frame.id)];
  });
  const text = JSON.stringify(isBatch ? errors : errors[0]);
  const headers = ['content-type', 'application/json', 'content-length', String(Buffer.byteLength(text))];
  response.writeHead(200, [...headers, 'request-id', requestId]);
  response.end(text);
};

const soleId = ({ frames }: ClientFrames): string | null => {
  const requests = frames.filter(({ kind }) => kind === 'request');
  return requests.length === 1 ? (requests[0]?.id ?? null) : null;
};

const isSubscription = ({ method }: ClientFrame): boolean => method === 'subscriptions/listen';

/** POST: messages for the server. Each is judged, what is decided is written down, and then they go on as they came. */
export const postMessages = async (deps: McpDeps, exchange: McpExchange): Promise<void> => {
  const { admitted, startedTicks } = exchange;
  const { body, read } = await readMessages(deps, exchange);
  exchange.errorId = soleId(read);
  exchange.method = read.isBatch ? null : (read.frames[0]?.method ?? null);
  if (read.frames.some(isSubscription)) exchange.listen();
  const judged = read.frames.map((frame) => judgeFrame(admitted, frame));
  const isHeldBack = judged.some(({ denial }) => denial !== null);
  const rows = await record(deps, exchange, { judged, isHeldBack, bodyBytes: body.length });
  if (admitted.denied !== null) throw denialOf(admitted.denied, admitted.connector, null);
  if (isHeldBack) return answerDenied(exchange, judged, read.isBatch);
  const requests = judged.flatMap(({ frame }, index) =>
    frame.kind === 'request' && frame.id !== null ? [{ id: frame.id, callId: rows[index]?.id ?? null }] : [],
  );
  exchange.open = createOpenCalls(deps, requests, startedTicks);
  if (exchange.method === 'initialize' || exchange.method === 'tools/list') deps.used(admitted.connector.id);
  const stopTelling = read.frames
    .filter(isSubscription)
    .flatMap(({ id, wantsToolChanges }) =>
      id !== null && wantsToolChanges ? [tellOfChanges(deps, exchange, listChangedFor(id))] : [],
    );
  try {
    await passOn(deps, exchange, { method: 'POST', body });
  } finally {
    for (const stop of stopTelling) stop();
  }
};
