import type { Socket } from 'node:net';
import type { ClientExchange } from './client-exchange.ts';
import { FrontConnection } from './front-connection.ts';
import { KEEP_ALIVE_SECONDS } from './head-text.ts';

/** Where connections of clients come in. */
export type Front = {
  /** Takes a connection that was just accepted. */
  take(socket: Socket): void;
  /** Ends connections as soon as they answer nothing. */
  close(): void;
  /** Ends all connections at once. */
  cut(): void;
};

/** What the front does not do itself. */
export type FrontPeers = {
  readonly serve: (exchange: ClientExchange) => void;
  /** Serves a connection by node's own reader from here on; `bytes` is what has been read of it. */
  readonly passOn: (socket: Socket, bytes: Buffer) => void;
  /** Tells a client that its request took too long to come, and ends the connection. */
  readonly answerLate: (socket: Socket) => void;
  /** Hears of what was thrown while a connection was served, which is cut. */
  readonly failed: (error: unknown) => void;
};

const SWEEP_SECONDS = 5;
const REQUEST_SECONDS_MAX = 300;
const LIMITS = { idle: KEEP_ALIVE_SECONDS / SWEEP_SECONDS, request: REQUEST_SECONDS_MAX / SWEEP_SECONDS };

/**
 * Reads plain Messages requests off their connections itself, which costs a third of what node's server costs, and hands
 * every connection that brings anything else to that, with the bytes it brought. What is read here is what all servers
 * read alike, so the two cannot disagree about where a request ends.
 */
export const openFront = ({ serve, passOn, answerLate, failed }: FrontPeers): Front => {
  const all = new Set<FrontConnection>();
  const door = {
    serve,
    failed,
    passOn: (connection: FrontConnection, bytes: Buffer) => {
      all.delete(connection);
      connection.letGo();
      passOn(connection.socket, bytes);
    },
    gone: (connection: FrontConnection) => void all.delete(connection),
  };
  const sweep = setInterval(() => {
    for (const connection of all) connection.contain(() => connection.sweep(LIMITS, answerLate));
  }, SWEEP_SECONDS * 1000);
  sweep.unref();
  return {
    take: (socket) => void all.add(new FrontConnection(socket, door)),
    close: () => {
      clearInterval(sweep);
      for (const connection of all) connection.close();
    },
    cut: () => {
      for (const connection of all) connection.socket.destroy();
    },
  };
};
