import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What was posted. */
export type Posted = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: Record<string, unknown>;
};

/** Receives webhooks on the loopback. */
export type WebhookReceiver = {
  /** An origin without a slash at its end. */
  readonly url: string;
  readonly posted: readonly Posted[];
  /** The next so many posts are answered with this status, the ones after with 200. */
  failNext(times: number, status?: number): void;
  close(): Promise<void>;
};

/** Starts a receiver that keeps what it gets, refused posts too. */
export const startWebhookReceiver = async (): Promise<WebhookReceiver> => {
  const posted: Posted[] = [];
  let failing = 0;
  let failure = 500;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    posted.push({ path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) as Posted['body'] });
    const isFailing = failing > 0;
    failing -= 1;
    response.writeHead(isFailing ? failure : 200).end(isFailing ? 'no' : 'ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posted,
    failNext: (times, status = 500) => {
      failing = times;
      failure = status;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
