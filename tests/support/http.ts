import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { connect, type Socket } from 'node:net';

/** A request of a test; `body` goes out as it is. */
export type Sent = {
  readonly url: string;
  readonly path?: string;
  readonly method?: string;
  readonly key?: string | undefined;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Without one, each request has a connection of its own. */
  readonly agent?: Agent;
};

/** An answer that has been read whole, or as far as it came: `isCut` when the connection broke before its end. */
export type Received = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  readonly isCut: boolean;
};

/** An answer whose headers have arrived. `text` is what has been read; nothing is read while it is paused. */
export type Begun = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  text(): string;
  /** Resolves once `part` has been read. */
  until(part: string): Promise<void>;
  pause(): void;
  /** Reads on after a pause and only counts what comes, to the end. */
  readAll(): Promise<{ readonly bytes: number }>;
  /** Cuts the connection. */
  leave(): void;
  /** The rest of the answer. */
  readonly whole: Promise<Received>;
};

const lengthOf = ({ body, headers }: Sent): OutgoingHttpHeaders =>
  body === undefined || headers?.['transfer-encoding'] !== undefined
    ? {}
    : { 'content-length': Buffer.byteLength(body) };

const headersOf = (sent: Sent): OutgoingHttpHeaders => ({
  ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...lengthOf(sent),
  ...(sent.key === undefined ? {} : { 'x-api-key': sent.key }),
  ...sent.headers,
});

const begun = (response: IncomingMessage, leave: () => void): Begun => {
  const chunks: Buffer[] = [];
  const watchers = new Set<() => void>();
  const text = () => Buffer.concat(chunks).toString('utf8');
  const { statusCode: status = 0, headers } = response;
  let bytes = 0;
  let isCounting = false;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (!isCounting) chunks.push(chunk);
    for (const watch of watchers) watch();
  });
  const whole = new Promise<Received>((resolve) => {
    const finish = () => {
      for (const watch of watchers) watch();
      const body = Buffer.concat(chunks);
      resolve({ status, headers, body, text: body.toString('utf8'), isCut: !response.complete });
    };
    response.on('end', finish);
    response.on('error', finish);
    response.on('close', finish);
  });
  const until = (part: string) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (text().includes(part)) resolve();
        else if (response.destroyed || response.complete)
          reject(new Error(`The answer ended without “${part}”: ${text()}`));
      };
      watchers.add(watch);
      watch();
    });
  return {
    status,
    headers,
    requestId: String(headers['request-id']),
    text,
    until,
    pause: () => response.pause(),
    readAll: async () => {
      isCounting = true;
      response.resume();
      await whole;
      return { bytes };
    },
    leave,
    whole,
  };
};

/** Sends a request; resolves with the headers of its answer, rejects when there is none. */
export const begin = (sent: Sent): Promise<Begun> =>
  new Promise((resolve, reject) => {
    const { url, path = '/v1/messages', method = 'POST', body, agent } = sent;
    const request = httpRequest(url + path, { method, headers: headersOf(sent), agent: agent ?? new Agent() });
    request.on('response', (response) => resolve(begun(response, () => request.destroy())));
    request.on('error', reject);
    request.end(body);
  });

/** Sends a request and reads the answer to its end. */
export const send = async (sent: Sent): Promise<Received> => (await begin(sent)).whole;

/** A client that leaves before it has an answer: sends, waits, and cuts the connection. */
export const sendAndLeave = (sent: Sent, whenSent: () => Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const { url, path = '/v1/messages', body } = sent;
    const request = httpRequest(url + path, { method: 'POST', headers: headersOf(sent), agent: new Agent() });
    request.on('response', () => reject(new Error('The answer came before the client left')));
    request.on('error', () => {});
    request.on('close', () => resolve());
    request.end(body);
    whenSent().then(() => request.destroy(), reject);
  });

/** Sends bytes as they are and answers everything that came back until the connection closed. */
export const exchangeRaw = (url: string, bytes: string | Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connectTo(url);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => {});
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error(`The connection stayed open after: ${text}`));
    });
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  });

/** A bare connection to a server. */
export const connectTo = (url: string): Socket => {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
};

/** The error of the Messages API's envelope, with the request id it names. */
export const errorOf = ({ text }: Pick<Received, 'text'>) => {
  const { error, request_id: requestId } = JSON.parse(text) as {
    error: { type: string; message: string; details?: Record<string, unknown> };
    request_id: string | null;
  };
  return { ...error, requestId };
};
