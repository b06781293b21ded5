import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Front, openFront, type ServeClient } from '../gateway/index.ts';
import { closeWhileWaiting, createLog, type Log } from '../platform/index.ts';
import { compose } from './compose.ts';
import type { Config } from './config.ts';
import { openStore } from './open-store.ts';
import { openUpstreams } from './upstreams.ts';

const CONSOLE_FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'console');

/** A started program. */
export type Serving = {
  readonly url: string;
  readonly isSimulated: boolean;
  /** Where the first owner is created; undefined once there is one. */
  readonly setUpUrl: string | undefined;
  readonly log: Log;
  /** Stops accepting, lets running answers finish within the grace period, stores what is open and lets go. */
  stop(): Promise<void>;
};

/** Starts the program on its configuration; rejects when it cannot serve. */
export const serve = async (config: Config, version: string): Promise<Serving> => {
  const log = createLog(config.server.log_level);
  const { database, unlock } = await openStore(config, log);
  const upstreams = await openUpstreams(config);
  const program = await compose({ config, database, upstreams, log, version, consoleFolder: CONSOLE_FOLDER });
  const server = createServer(
    {
      // Answers of models take minutes; only the time to send a request is bounded.
      requestTimeout: 300_000,
      keepAliveTimeout: 75_000,
      noDelay: true,
    },
    (request, response) => {
      closeWhileWaiting(request, response);
      if (!program.handleRequest(request, response)) program.handleRest(request, response);
    },
  );
  server.on('clientError', answerMalformed);
  const front = readMessagesFirst(server, program.serveClient, log);
  await listen(server, config);
  const url = urlOf(server, config);
  program.state.publicUrl = config.server.public_url?.replace(/\/+$/, '') ?? url;
  const token = await program.issueOwnerLink();

  const stop = async (): Promise<void> => {
    program.state.isDraining = true;
    // New requests are still answered meanwhile (with a 503), so that a balancer sees this node step back.
    await program.running.drain(config.server.shutdown_grace_seconds * 1000);
    await closeServer(server, front);
    await program.stopJobs();
    await program.policy.close();
    await program.spendPolicy.close();
    await program.prices.close();
    await program.rates.close();
    await upstreams.close();
    await database.close();
    unlock();
  };
  let stopping: Promise<void> | undefined;
  return {
    url,
    isSimulated: upstreams.upstreams.some(({ simulated }) => simulated),
    setUpUrl: token === undefined ? undefined : `${program.state.publicUrl}/setup?token=${token}`,
    log,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
};

const LAST_BYTES_MS = 2000;

/** Stops accepting; answers that have ended get a moment for their last bytes. */
const closeServer = async (server: Server, front: Front): Promise<void> => {
  const timer = setTimeout(() => {
    front.cut();
    server.closeAllConnections();
  }, LAST_BYTES_MS);
  const closed = new Promise((resolve) => server.close(resolve));
  front.close();
  await closed;
  clearTimeout(timer);
};

/** Every connection is the front's until it brings something else than plain Messages requests; then it is the server's. */
const readMessagesFirst = (server: Server, serve: ServeClient, log: Log): Front => {
  const acceptors = server.listeners('connection');
  const front = openFront({
    serve,
    passOn: (socket, bytes) => {
      for (const accept of acceptors) accept.call(server, socket);
      socket.unshift(bytes);
    },
    answerLate: (socket) => answerMalformed({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket),
    failed: (error) => log.error({ err: error }, 'a connection was cut because of a mistake that nobody planned'),
  });
  server.removeAllListeners('connection');
  server.on('connection', front.take);
  return front;
};

const listen = (server: Server, { server: { host, port } }: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });

const urlOf = (server: Server, { server: { host } }: Config): string => {
  const { port } = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host;
  return `http://${shown}:${port}`;
};

const MALFORMED = JSON.stringify({
  type: 'error',
  error: { type: 'invalid_request_error', message: 'The request is not valid HTTP.' },
  request_id: null,
});

const STATUS_LINES: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** A request that is not HTTP gets an answer all the same, and its connection ends. */
const answerMalformed = (error: { readonly code?: string }, socket: Socket): void => {
  if (!socket.writable || (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const line = STATUS_LINES[error.code ?? ''] ?? '400 Bad Request';
  socket.end(
    `HTTP/1.1 ${line}\r\ncontent-type: application/json\r\ncontent-length: ${MALFORMED.length}\r\nconnection: close\r\n\r\n${MALFORMED}`,
  );
};
