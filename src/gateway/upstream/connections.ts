import { atEndOfTurn } from '../../platform/index.ts';
import { createReadHead } from './answer-head.ts';
import { type AnswerEvents, type AnswerParser, createAnswerParser } from './answer-parser.ts';
import { createSocketOpener } from './open-socket.ts';
import {
  type Carrier,
  type Exchange,
  type ExchangeError,
  type ExchangeListener,
  type SendableRequest,
  SentRequest,
} from './sent-request.ts';

export type Connections = {
  /** Sends a request. */
  send(request: SendableRequest, listener: ExchangeListener): Exchange;
  /** Cuts every connection; what was under way fails as broken. */
  close(): void;
};

export type ConnectionTimes = { readonly connectMs: number; readonly answerMs: number; readonly silenceMs: number };

/** One keep-alive connection; it carries one request at a time. */
type Connection = Carrier & {
  readonly parser: AnswerParser;
  phase: 'connecting' | 'waiting' | 'answering' | 'idle';
  /** The sweep at which something last happened here. */
  seenAt: number;
  uses: number;
};

/** An idle connection is let go before the usual server does it, so that a request rarely meets a closing one. */
const IDLE_MS = 4000;
const SWEEP_MS = 500;

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/**
 * Keep-alive connections to one provider, for the hot path: a request costs two system calls and no promise. One timer
 * watches over all of them. Requests of one turn of the event loop leave together at its end.
 */
export const openConnections = (origin: URL, times: ConnectionTimes): Connections => {
  const all = new Set<Connection>();
  const idle: Connection[] = [];
  const opener = createSocketOpener(origin);
  const readHead = createReadHead();
  let sweeps = 0;
  let isClosed = false;

  const drop = (connection: Connection): void => {
    all.delete(connection);
    const place = idle.indexOf(connection);
    if (place !== -1) idle.splice(place, 1);
    connection.socket.destroy();
  };

  const start = (connection: Connection, request: SentRequest): void => {
    connection.exchange = request;
    connection.seenAt = sweeps;
    connection.isPaused = false;
    connection.uses += 1;
    if (connection.phase === 'idle') connection.phase = 'waiting';
    connection.parser.expect();
    atEndOfTurn(request);
  };

  const startAnew = (request: SentRequest): void => {
    const connection = connect();
    request.moveTo(connection);
    start(connection, request);
  };

  /**
   * A kept connection can turn out to have been closed by the other side at the very moment it was used. When not a byte
   * has come back, the request goes out once more on a new one, as browsers do.
   */
  const fail = (connection: Connection, kind: ExchangeError['kind'], cause: Error): void => {
    const { exchange, uses, parser } = connection;
    connection.exchange = undefined;
    drop(connection);
    if (exchange === undefined) return;
    const wasStale = kind === 'broken' && uses > 1 && !parser.hasBegun;
    if (wasStale && !isClosed) startAnew(exchange);
    else exchange.listener.fail({ kind, cause });
  };

  const release = (connection: Connection, canReuse: boolean): void => {
    connection.exchange = undefined;
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
    const { exchange, phase } = connection;
    // What comes unasked answers nothing: the connection is not to be trusted with a request.
    if (phase === 'idle' || exchange?.isWritten === false) {
      connection.exchange = undefined;
      drop(connection);
      if (exchange !== undefined) startAnew(exchange);
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
    const events: AnswerEvents = {
      head: (head) => {
        // Not before: a provider that has only sent an interim answer may think as long as one that is silent.
        connection.phase = 'answering';
        connection.exchange?.listener.head(head);
      },
      data: (chunk) => connection.exchange?.listener.data(chunk),
      end: (canReuse) => {
        const { exchange } = connection;
        release(connection, canReuse);
        exchange?.listener.end();
      },
    };
    const parser = createAnswerParser(events, readHead);
    const connection: Connection = {
      socket: opener.open((chunk) => receive(connection, chunk)),
      parser,
      exchange: undefined,
      phase: 'connecting',
      seenAt: sweeps,
      isPaused: false,
      uses: 0,
      drop: () => drop(connection),
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
      if (parser.close()) drop(connection);
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
      const { phase } = connection;
      const kind = phase === 'connecting' ? 'unreachable' : 'timeout';
      if (phase === 'idle') drop(connection);
      else fail(connection, kind, new Error(`nothing came for too long while ${phase}`));
    }
  }, SWEEP_MS);
  sweep.unref();

  const take = (): Connection => {
    for (let connection = idle.pop(); connection !== undefined; connection = idle.pop())
      if (connection.socket.writable && !connection.socket.destroyed) return connection;
    return connect();
  };

  return {
    send: (sendable, listener) => {
      const connection = take();
      const request = new SentRequest(sendable, listener, connection);
      start(connection, request);
      return request;
    },
    close: () => {
      clearInterval(sweep);
      isClosed = true;
      for (const connection of [...all]) fail(connection, 'broken', new Error('the connections were closed'));
    },
  };
};
