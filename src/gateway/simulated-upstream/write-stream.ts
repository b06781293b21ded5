import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { ApiError } from './api-error.ts';
import type { Call } from './call.ts';
import { createEncoder } from './content-coding.ts';
import type { Coding } from './directives.ts';
import type { StreamEvent } from './stream-events.ts';

/** How a stream is sent: pace, content coding, and how it breaks if it is to break. */
export type StreamManner = {
  readonly delayMs: number;
  readonly coding: Coding | undefined;
  readonly breaks: 'error' | 'reset' | undefined;
};

const DELTAS_BEFORE_BREAK = 3;

const frame = (event: StreamEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** An abort signal that fires when the client has gone or the answer is complete. */
const closedSignal = ({ response }: Call): AbortSignal => {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  if (response.destroyed) closed.abort();
  return closed.signal;
};

// Codings reach the client through an encoder; without one the response itself is written to.
const openSink = ({ response }: Call, coding: Coding | undefined): Writable => {
  const headers = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
  response.writeHead(200, coding === undefined ? headers : { ...headers, 'content-encoding': coding });
  if (coding === undefined) return response;
  const encoder = createEncoder(coding);
  encoder.pipe(response);
  response.once('close', () => encoder.destroy());
  return encoder;
};

type Run = { readonly sink: Writable; readonly signal: AbortSignal; readonly delayMs: number };

const send = async (event: StreamEvent, { sink, signal, delayMs }: Run): Promise<void> => {
  const accepted = sink.write(frame(event));
  if (!accepted && sink.writableNeedDrain) await once(sink, 'drain', { signal });
  // Even without a pace, each event gets its own turn so that it leaves as its own chunk.
  await (delayMs > 0 ? sleep(delayMs, undefined, { signal }) : turn(undefined, { signal }));
};

const breakOff = async (call: Call, run: Run, how: 'error' | 'reset'): Promise<void> => {
  if (how === 'reset') {
    call.response.socket?.resetAndDestroy();
    return;
  }
  await send({ ...new ApiError(529, 'Overloaded').envelope(call.requestId) }, run);
  run.sink.end();
};

const sendAll = async (call: Call, events: Iterable<StreamEvent>, run: Run & StreamManner): Promise<void> => {
  let deltas = 0;
  for (const event of events) {
    const isBreak = deltas >= DELTAS_BEFORE_BREAK || event.type === 'message_delta';
    if (run.breaks !== undefined && isBreak) return breakOff(call, run, run.breaks);
    await send(event, run);
    if (event.type === 'content_block_delta') deltas++;
  }
  run.sink.end();
};

/**
 * Sends events as server-sent events, each when the client has room for it. Resolves when all are sent, when the
 * stream was broken as asked, or when the client has left.
 */
export const writeStream = async (call: Call, events: Iterable<StreamEvent>, manner: StreamManner): Promise<void> => {
  const signal = closedSignal(call);
  const run = { ...manner, signal, sink: openSink(call, manner.coding) };
  try {
    await sendAll(call, events, run);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
};
