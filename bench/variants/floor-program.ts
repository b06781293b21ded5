/**
 * What Remit costs before it does anything of its own: it reads requests and forwards them on its own connections, and it writes the
 * two rows, the first of them to disk before the answer leaves. It recognises nobody, reads nothing of the body, decides
 * and meters nothing. Started by floor.ts.
 */
import { createServer } from 'node:http';
import { accessMigrations, REQUEST_LOG, requestLogValues } from '../../src/access/index.ts';
import { activityMigrations } from '../../src/activity/index.ts';
import { directoryMigrations } from '../../src/directory/index.ts';
import type { Body } from '../../src/gateway/body.ts';
import type { ClientExchange } from '../../src/gateway/front/client-exchange.ts';
import { openFront } from '../../src/gateway/front/front.ts';
import { openConnections } from '../../src/gateway/upstream/connections.ts';
import { createNewId } from '../../src/kernel/index.ts';
import { createRandomBytes, migrate, openDatabase } from '../../src/platform/index.ts';
import { spendMigrations, USAGE, usageValues } from '../../src/spend/index.ts';
import { KIND, requestRow, usageRow } from './floor-rows.ts';

const { PORT, UPSTREAM_PORT, DATA_FILE = '' } = process.env;
const USAGE_PATIENCE_MS = 50;
const BODY_BYTES_MAX = 32 * 1024 * 1024;
const TIMES = { connectMs: 10_000, answerMs: 60_000, silenceMs: 60_000 };

const database = await openDatabase({ file: DATA_FILE, isAlone: true, onError: (error) => console.error(error) });
await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
const { journal } = database;
const newId = createNewId(Date.now, createRandomBytes());
/** It is sent what came, without a host or a credential of its own. */
const PROVIDER = { basePath: '', ownLines: '' };
const connections = openConnections(new URL(`http://127.0.0.1:${UPSTREAM_PORT}`), TIMES);

/** Keeps what is to be done until the first row is on disk. */
const afterDecision = (id: string): ((work: () => void) => void) => {
  let waiting: (() => void)[] | undefined = [];
  const stored = (error?: Error): void => {
    if (error !== undefined) throw error;
    for (const work of waiting ?? []) work();
    waiting = undefined;
  };
  journal.append(REQUEST_LOG, requestLogValues(requestRow(id)), stored, { refersTo: KIND.row, isCertain: true });
  return (work) => (waiting === undefined ? work() : waiting.push(work));
};

const forward = (exchange: ClientExchange, body: Body): void => {
  const id = newId('request');
  const then = afterDecision(id);
  connections.send(
    { head: exchange.forwarded.textFor(PROVIDER), body },
    {
      head: ({ status, passed }) => then(() => exchange.begin(status, passed)),
      data: (chunk) => then(() => void exchange.write(chunk)),
      end: () =>
        then(() => {
          exchange.end();
          journal.append(USAGE, usageValues(usageRow(id)), undefined, { patienceMs: USAGE_PATIENCE_MS });
        }),
      fail: () => exchange.cut(),
    },
  );
};

const server = createServer((request, response) => {
  response.writeHead(request.url === '/bench-ready' ? 204 : 404).end();
});
const acceptors = server.listeners('connection');
const front = openFront({
  serve: async (exchange) => forward(exchange, await exchange.collect(BODY_BYTES_MAX)),
  passOn: (socket, bytes) => {
    for (const accept of acceptors) accept.call(server, socket);
    socket.unshift(bytes);
  },
  answerLate: (socket) => socket.destroy(),
  failed: (error) => console.error(error),
});
server.removeAllListeners('connection');
server.on('connection', front.take);
server.listen(Number(PORT), '127.0.0.1');
