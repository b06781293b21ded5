import { once } from 'node:events';
import { renderError } from '../../platform/index.ts';
import { createEventSplitter, readEvent, withData } from './frames/split-events.ts';
import { toRpcError } from './json-rpc.ts';
import { dropBody, headersFor, judgeMessage, notMcp, type Relay } from './relay-answer.ts';
import { serverFailure } from './server-connection.ts';

/** Answers to the requests that have none, all with the same error. */
const errorEvents = ({ requestId, open }: Relay, thrown: unknown): Buffer => {
  const { body } = renderError(thrown, requestId);
  const events = open.unanswered().map((id) => `data: ${JSON.stringify(toRpcError(body, thrown, id))}\n\n`);
  return Buffer.from(events.join(''));
};

/** Whether an event had an id, by which the client can ask for what follows on another connection. */
type Seen = { hasIds: boolean };

const passEvent = async (relay: Relay, event: Buffer, seen: Seen): Promise<void> => {
  const { response, signal } = relay;
  const { data, hasId } = readEvent(event);
  if (hasId) seen.hasIds = true;
  const judged = data === null ? null : judgeMessage(relay, data);
  const passed = judged === null || judged === data ? event : withData(event, judged);
  if (!response.write(passed)) await once(response, 'drain', { signal });
};

/** Passes events on one by one, no faster than the client reads them. */
const pump = async (relay: Relay, seen: Seen): Promise<void> => {
  const { answer, signal, messageBytesMax } = relay;
  const splitter = createEventSplitter(messageBytesMax);
  for await (const chunk of answer.body) {
    for (const event of splitter.push(chunk)) await passEvent(relay, event, seen);
    signal.throwIfAborted();
  }
  const rest = splitter.rest();
  if (rest.length > 0) await passEvent(relay, rest, seen);
};

/** Ends a stream whose requests do not all have their answer: an error takes the place of each. */
const endWithErrors = (relay: Relay, thrown: unknown): void => {
  if (!relay.response.destroyed) relay.response.end(errorEvents(relay, thrown));
};

/**
 * Passes on a stream of events. A client that can ask for the rest (the events had ids) sees a break as a break; any other
 * gets an error in place of each answer it waits for, because it would wait in vain. Rejects with why it broke.
 */
export const relayEvents = async (relay: Relay): Promise<void> => {
  const { response, open, signal, answer, admitted } = relay;
  response.writeHead(answer.status, headersFor(relay, 'text/event-stream'));
  response.flushHeaders();
  const seen: Seen = { hasIds: false };
  try {
    await pump(relay, seen);
  } catch (thrown) {
    dropBody(answer);
    const reason: unknown = signal.aborted ? signal.reason : serverFailure(admitted.connector.name, thrown);
    if (signal.aborted || !seen.hasIds) endWithErrors(relay, reason);
    else {
      response.destroy();
      open.endAll('detached', answer.status);
    }
    throw reason;
  }
  if (!seen.hasIds && open.unanswered().length > 0) {
    const reason = notMcp(relay, 'the stream ended before every request was answered');
    endWithErrors(relay, reason);
    throw reason;
  }
  response.end();
  open.endAll('detached', answer.status);
};
