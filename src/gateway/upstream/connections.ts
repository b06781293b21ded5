import type { Socket } from 'node:net';
import { type AnswerParser, createAnswerParser } from './answer-parser.ts';
import { createSocketOpener } from './open-socket.ts';

/** Hears of one answer: `head`, any number of `data`, then `end`; or `fail` at any point, after which nothing comes. */
export type ExchangeListener = {
  head(status: number, headers: readonly string[]): void;
  data(chunk: Buffer): void;
  end(): void;
  fail(error: ExchangeError): void;
};

/** `unreachable`: nothing was sent. `broken`: the connection broke or spoke nonsense. */
export type ExchangeError = { readonly kind: 'unreachable' | 'broken' | 'timeout'; readonly cause: Error };

export type Exchange = { pause(): void; resume(): void; abort(): void };

export type Connections = {
  /** Sends a request: its head up to and without the blank line and the length, and its body if it has one. */
  send(head: string, body: Buffer | null, listener: ExchangeListener): Exchange;
  /** Cuts every connection; what was under way fails as broken. */
  close(): void;
};

export type ConnectionTimes = { readonly connectMs: number; readonly answerMs: number; readonly silenceMs: number };

/** An idle connection is let go before the usual server does it, so that a request rarely meets a closing one. */
const IDLE_MS = 4000;
const SWEEP_MS = 500;

/** Up to here a request leaves as one buffer; beyond it, copying would cost more than a second piece. */
const JOINED_BYTES_MAX = 16 * 1024;

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

type Connection = {
  readonly socket: Socket;
  parser: AnswerParser | undefined;
  listener: ExchangeListener | undefined;
  phase: 'connecting' | 'waiting' | 'answering' | 'idle';
  /** The sweep at which something last happened here. */
  seenAt: number;
  isPaused: boolean;
  uses: number;
};

/**
 * Keep-alive connections to one provider, for the hot path: a request costs two system calls and no promise. One timer
 * watches over all of them.
 */
export const openConnections = (origin: URL, times: ConnectionTimes): Connections => {
  const all = new Set<Connection>();
  const idle: Connection[] = [];
  const opener = createSocketOpener(origin);
  let sweeps = 0;
  let isClosed = false;

  const drop = (connection: Connection): void => {
    all.delete(connection);
    const place = idle.indexOf(connection);
    if (place !== -1) idle.splice(place, 1);
    connection.socket.destroy();
  };

  const fail = (connection: Connection, kind: ExchangeError['kind'], cause: Error): void => {
    const { listener } = connection;
    connection.listener = undefined;
    drop(connection);
    listener?.fail({ kind, cause });
  };

  const release = (connection: Connection, canReuse: boolean): void => {
    connection.listener = undefined;
    connection.parser = undefined;
    // A request whose end is still unsent would be cut in two by the next one.
    if (!canReuse || connection.socket.writableLength > 0) {
      drop(connection);
      return;
    }
    if (connection.isPaused) connection.socket.resume();
    connection.isPaused = false;
    connection.phase = 'idle';
    connection.seenAt = sweeps;
    idle.push(connection);
  };

  const receive = (connection: Connection, chunk: Buffer): void => {
    if (connection.parser === undefined) {
      drop(connection);
      return;
    }
    connection.seenAt = sweeps;
    try {
      connection.parser.read(chunk);
    } catch (error) {
      fail(connection, 'broken', asError(error));
    }
  };

  const connect = (): Connection => {
    const read = (chunk: Buffer): void => receive(connection, chunk);
    const connection: Connection = {
      socket: opener.open(read),
      parser: undefined,
      listener: undefined,
      phase: 'connecting',
      seenAt: sweeps,
      isPaused: false,
      uses: 0,
    };
    all.add(connection);
    const { socket } = connection;
    socket.on(opener.connectedEvent, () => {
      connection.phase = 'waiting';
      connection.seenAt = sweeps;
    });
    socket.on('error', (error) =>
      fail(connection, connection.phase === 'connecting' ? 'unreachable' : 'broken', error),
    );
    socket.on('close', () => {
      if (connection.parser?.close() === true) drop(connection);
      else fail(connection, 'broken', new Error('the connection closed before the answer was whole'));
    });
    return connection;
  };

  const isOverdue = (connection: Connection): boolean => {
    const quietMs = (sweeps - connection.seenAt - 1) * SWEEP_MS;
    switch (connection.phase) {
      case 'connecting':
        return quietMs >= times.connectMs;
      case 'waiting':
        return quietMs >= times.answerMs;
      case 'answering':
        // A paused answer waits for the client, not for the provider.
        return !connection.isPaused && quietMs >= times.silenceMs;
      case 'idle':
        return quietMs >= IDLE_MS - SWEEP_MS;
      default: {
        const unexpected: never = connection.phase;
        return unexpected;
      }
    }
  };

  const sweep = setInterval(() => {
    sweeps += 1;
    for (const connection of all) {
      if (connection.isPaused) connection.seenAt = sweeps;
      if (!isOverdue(connection)) continue;
      if (connection.phase === 'idle') drop(connection);
      else
        fail(
          connection,
          connection.phase === 'connecting' ? 'unreachable' : 'timeout',
          new Error(`nothing came for too long while ${connection.phase}`),
        );
    }
  }, SWEEP_MS);
  sweep.unref();

  const take = (): Connection => {
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop())
      if (connection.socket.writable && !connection.socket.destroyed) return connection;
    return connect();
  };

  const start = (
    connection: Connection,
    request: { head: string; body: Buffer | null },
    listener: ExchangeListener,
  ): void => {
    connection.listener = listener;
    connection.seenAt = sweeps;
    connection.isPaused = false;
    connection.uses += 1;
    if (connection.phase === 'idle') connection.phase = 'waiting';
    connection.parser = createAnswerParser({
      head: (status, headers) => {
        // Not before: a provider that has only sent an interim answer may think as long as one that is silent.
        connection.phase = 'answering';
        connection.listener?.head(status, headers);
      },
      data: (chunk) => connection.listener?.data(chunk),
      end: (canReuse) => {
        const { listener: ended } = connection;
        release(connection, canReuse);
        ended?.end();
      },
    });
    const { socket } = connection;
    const { head, body } = request;
    if (body === null) {
      socket.write(`${head}\r\n`, 'latin1');
      return;
    }
    const headBytes = Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`, 'latin1');
    if (body.length <= JOINED_BYTES_MAX) {
      socket.write(Buffer.concat([headBytes, body]));
      return;
    }
    socket.cork();
    socket.write(headBytes);
    socket.write(body);
    socket.uncork();
  };

  return {
    send: (head, body, listener) => {
      let connection = take();
      let current = listener;
      // A kept connection can turn out to have been closed by the other side at the very moment it was used. When not a
      // byte has come back, the request goes out once more on a new one, as browsers do.
      const retrying: ExchangeListener = {
        ...listener,
        fail: (error) => {
          const wasStale = error.kind === 'broken' && connection.uses > 1 && connection.parser?.hasBegun !== true;
          if (!wasStale || isClosed) {
            listener.fail(error);
            return;
          }
          connection = connect();
          current = listener;
          start(connection, { head, body }, listener);
        },
      };
      current = retrying;
      start(connection, { head, body }, current);
      // Once the answer has ended, the connection may be another request's.
      const isOurs = () => connection.listener === current;
      return {
        pause: () => {
          if (!isOurs()) return;
          connection.isPaused = true;
          connection.socket.pause();
        },
        resume: () => {
          if (!isOurs() || !connection.isPaused) return;
          connection.isPaused = false;
          connection.socket.resume();
        },
        abort: () => {
          if (!isOurs()) return;
          connection.listener = undefined;
          drop(connection);
        },
      };
    },
    close: () => {
      clearInterval(sweep);
      isClosed = true;
      for (const connection of [...all]) fail(connection, 'broken', new Error('the connections were closed'));
    },
  };
};
