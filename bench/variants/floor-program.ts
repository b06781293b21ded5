/**
 * What Remit costs before it does anything of its own: on its own connections it forwards every request, and it writes the
 * two rows, the first of them to disk before the answer leaves. It recognises nobody, reads nothing of the body, decides
 * and meters nothing. Started by floor.ts.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { accessMigrations, REQUESTS, requestValues } from '../../src/access/index.ts';
import { activityMigrations } from '../../src/activity/index.ts';
import { directoryMigrations } from '../../src/directory/index.ts';
import { createAnswerWriter } from '../../src/gateway/messages/answer-writer.ts';
import { openConnections } from '../../src/gateway/upstream/connections.ts';
import { forwardableAnswerHeaders } from '../../src/gateway/upstream/headers.ts';
import { createNewId } from '../../src/kernel/index.ts';
import { createRandomBytes, migrate, openDatabase } from '../../src/platform/index.ts';
import { spendMigrations, USAGE, usageValues } from '../../src/spend/index.ts';
import { requestRow, usageRow } from './floor-rows.ts';

const { PORT, UPSTREAM_PORT, DATA_FILE = '' } = process.env;
const USAGE_PATIENCE_MS = 20;
const TIMES = { connectMs: 10_000, answerMs: 60_000, silenceMs: 60_000 };

const database = await openDatabase({ file: DATA_FILE, onError: (error) => console.error(error) });
await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
const { journal } = database;
const newId = createNewId(Date.now, createRandomBytes());
const connections = openConnections(new URL(`http://127.0.0.1:${UPSTREAM_PORT}`), TIMES);

const headOf = ({ method, url, rawHeaders }: IncomingMessage): string => {
  let head = `${method} ${url} HTTP/1.1\r\n`;
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i] !== 'content-length') head += `${rawHeaders[i]}: ${rawHeaders[i + 1]}\r\n`;
  return head;
};

/** Keeps what is to be done until the first row is on disk. */
const afterDecision = (id: string): ((work: () => void) => void) => {
  let waiting: (() => void)[] | undefined = [];
  journal.append(REQUESTS, requestValues(requestRow(id)), (error) => {
    if (error !== undefined) throw error;
    for (const work of waiting ?? []) work();
    waiting = undefined;
  });
  return (work) => (waiting === undefined ? work() : waiting.push(work));
};

const forward = (request: IncomingMessage, body: Buffer, response: ServerResponse): void => {
  const id = newId('request');
  const then = afterDecision(id);
  const writer = createAnswerWriter(response, () => undefined);
  connections.send(headOf(request), body, {
    head: (status, headers) => then(() => writer.begin(status, forwardableAnswerHeaders(headers))),
    data: (chunk) => then(() => void writer.write(chunk)),
    end: () =>
      then(() => {
        writer.end();
        journal.append(USAGE, usageValues(usageRow(id)), undefined, { patienceMs: USAGE_PATIENCE_MS });
      }),
    fail: () => response.destroy(),
  });
};

createServer({ noDelay: true }, (request, response) => {
  if (request.url === '/bench-ready') {
    response.writeHead(204).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => forward(request, Buffer.concat(chunks), response));
}).listen(Number(PORT), '127.0.0.1');
