import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from './api-error.ts';
import { type Call, type Handler, headerOf, sendJson, type World } from './call.ts';
import { composeAnswer } from './compose-answer.ts';
import { createEncoder } from './content-coding.ts';
import { chargeInput, countPrompt } from './count-input.ts';
import type { Coding } from './directives.ts';
import type { JsonObject } from './json.ts';
import { parseBody, readMessageRequest, readMessages, readModel } from './read-message-request.ts';
import { type Reply, renderMessage } from './render-message.ts';
import { eventsOf } from './stream-events.ts';
import { writeStream } from './write-stream.ts';

type Asked = { readonly raw: JsonObject; readonly version: string | undefined };

/**
 * Reads a request and makes up its reply; a refused request and one that asks for an error throw {@link ApiError}.
 */
export const makeReply = (world: World, asked: Asked, serviceTier: Reply['serviceTier']): Reply => {
  const request = readMessageRequest(asked.raw, asked.version);
  const { error } = request.directives;
  if (error !== undefined) {
    const { retryAfterSeconds } = error;
    throw new ApiError(error.status, `Simulated error ${error.status}, as asked.`, { retryAfterSeconds });
  }
  const input = chargeInput(asked.raw, request.model.id, world.cache);
  return { request, answer: composeAnswer(request, world.nextId), input, serviceTier };
};

const sendCoded = ({ response }: Call, body: unknown, coding: Coding): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding });
  const encoder = createEncoder(coding);
  encoder.pipe(response);
  encoder.end(JSON.stringify(body));
};

const redirect = ({ response, origin }: Call): void => {
  response.writeHead(307, { location: `${origin}/redirected`, 'content-length': 0 });
  response.end();
};

// An answer that is not streamed breaks after its headers and half of its bytes; `error` leaves it whole, because
// once a status is sent there is no place in plain JSON for a later error.
const resetHalfway = ({ response }: Call, body: unknown): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.write(bytes.subarray(0, bytes.length / 2), () => response.socket?.resetAndDestroy());
};

const sendWhole = async (call: Call, world: World, reply: Reply): Promise<void> => {
  const { slowMs, coding, breakStream } = reply.request.directives;
  if (slowMs !== undefined) await sleep(slowMs);
  const message = renderMessage(reply, world.nextId);
  if (breakStream === 'reset') resetHalfway(call, message);
  else if (coding !== undefined) sendCoded(call, message, coding);
  else sendJson(call, message);
};

/** `POST /v1/messages`: the answer as one message or as a stream, or what the directives ask for instead. */
export const createMessage =
  (world: World): Handler =>
  async (call) => {
    const raw = parseBody(call.body);
    const reply = makeReply(world, { raw, version: headerOf(call, 'anthropic-version') }, 'standard');
    const { hang, redirect: wantsRedirect, slowMs, coding, breakStream } = reply.request.directives;
    if (hang) return;
    if (wantsRedirect) return redirect(call);
    if (!reply.request.stream) return sendWhole(call, world, reply);
    const manner = { delayMs: slowMs ?? world.chunkDelayMs, coding, breaks: breakStream };
    await writeStream(call, eventsOf(reply, world.nextId), manner);
  };

/** `POST /v1/messages/count_tokens`: the size of the prompt; nothing is answered or cached. */
export const countTokens: Handler = (call) => {
  const raw = parseBody(call.body);
  readModel(raw);
  readMessages(raw);
  const input_tokens = countPrompt(raw);
  const edits =
    raw.context_management === undefined ? {} : { context_management: { original_input_tokens: input_tokens } };
  sendJson(call, { input_tokens, ...edits });
};
