import { createServer, type Socket } from 'node:net';
import { type AnswerKind, jsonAnswer, notFoundAnswer, slowStream, streamAnswer } from './answers.ts';
import { createMessageReader } from './message-reader.ts';
import type { UpstreamCommand, UpstreamReply } from './protocol.ts';
import { serveCommands } from './serve-commands.ts';

const BEAT_MILLISECONDS = 250;

type Canned = { json: Buffer; notFound: Buffer; stream: readonly Buffer[]; slow: ReturnType<typeof slowStream> };

const can = (model: string): Canned => ({
  json: jsonAnswer(model),
  notFound: notFoundAnswer(),
  stream: streamAnswer(model),
  slow: slowStream(model),
});

/** Sends a stream's writes, each in a turn of the event loop of its own. */
const sendStream = (socket: Socket, writes: readonly Buffer[]): void => {
  let next = 0;
  const send = (): void => {
    const bytes = writes[next++];
    if (bytes === undefined || socket.destroyed) return;
    socket.write(bytes);
    if (next < writes.length) setImmediate(send);
  };
  send();
};

/** A provider with precomputed answers: what it costs must not hide what a gateway costs. */
const startUpstream = (canned: () => Canned) => {
  const seen = { messages: 0, others: 0, bodyBytes: 0 };
  const open = new Set<Socket>();
  let kind: AnswerKind = 'json';

  const answer = (socket: Socket): void => {
    const bytes = canned();
    if (kind === 'json') socket.write(bytes.json);
    else if (kind === 'stream') sendStream(socket, bytes.stream);
    else {
      open.add(socket);
      socket.write(bytes.slow.start);
    }
  };

  const server = createServer({ noDelay: true }, (socket) => {
    let isMessage = false;
    const reader = createMessageReader({
      head: (text) => {
        isMessage = text.startsWith('POST /v1/messages ') || text.startsWith('POST /v1/messages?');
      },
      body: (bytes) => {
        seen.bodyBytes += bytes.length;
      },
      end: () => {
        seen[isMessage ? 'messages' : 'others'] += 1;
        if (isMessage) answer(socket);
        else socket.write(canned().notFound);
      },
    });
    socket.on('data', reader.feed);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
  });

  setInterval(() => {
    for (const socket of open) socket.write(canned().slow.beat);
  }, BEAT_MILLISECONDS).unref();

  return {
    server,
    seen,
    setAnswer: (next: AnswerKind): void => {
      kind = next;
    },
    release: (): void => {
      for (const socket of open) socket.write(canned().slow.end);
      open.clear();
    },
  };
};

let canned = can('');
const upstream = startUpstream(() => canned);

const listening = async (): Promise<number> => {
  if (!upstream.server.listening)
    await new Promise<void>((resolve) =>
      upstream.server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve),
    );
  const address = upstream.server.address();
  if (address === null || typeof address === 'string') throw new Error('the upstream has no port');
  return address.port;
};

serveCommands(async (command: UpstreamCommand): Promise<UpstreamReply> => {
  if (command.kind === 'listen') canned = can(command.model);
  else if (command.kind === 'answer') upstream.setAnswer(command.answer);
  else if (command.kind === 'release') upstream.release();
  return { port: await listening(), ...upstream.seen };
});
