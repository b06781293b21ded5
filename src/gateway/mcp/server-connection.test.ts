import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { newCertificate } from '../../../tests/support/certificate.ts';
import { createAlerts } from '../upstream/alerts.ts';
import { openServerConnection, type ServerConnection } from './server-connection.ts';

const opened: { close(): unknown }[] = [];
const trusted = tls.getCACertificates('default');
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
  tls.setDefaultCACertificates(trusted);
});

const start = async (pair: { key: string; cert: string }) => {
  const received: (string | undefined)[] = [];
  const server = createServer(pair, (request, response) => {
    received.push(request.headers.authorization);
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, received };
};

const open = (url: string): ServerConnection => {
  const connection = openServerConnection(
    {
      connectorId: 'mcpsrv_1',
      name: 'Ledger',
      url,
      credential: ['authorization', 'Bearer secret'],
      allowsPrivate: true,
    },
    { connectMs: 2000, answerMs: 2000 },
    createAlerts(Date.now, () => undefined),
  );
  opened.push(connection);
  return connection;
};

const QUESTION = { method: 'POST', headers: [], body: Buffer.from('{}') } as const;

it.each([
  ['that nobody vouches for', '127.0.0.1', false],
  ['of another address', '127.0.0.2', true],
])('a server with a certificate %s is not spoken to, and never sees the credential', async (_, address, isTrusted) => {
  const pair = newCertificate(address);
  if (isTrusted) tls.setDefaultCACertificates([...trusted, pair.cert]);
  const { url, received } = await start(pair);
  await expect(open(url).ask(QUESTION, new AbortController().signal)).rejects.toMatchObject({
    code: 'upstream_unreachable',
  });
  expect(received).toEqual([]);
});

it('a server with a certificate that is vouched for is, with the credential', async () => {
  const pair = newCertificate('127.0.0.1');
  tls.setDefaultCACertificates([...trusted, pair.cert]);
  const { url, received } = await start(pair);
  const answer = await open(url).ask(QUESTION, new AbortController().signal);
  expect([answer.status, await text(answer.body)]).toEqual([200, '{}']);
  expect(received).toEqual(['Bearer secret']);
});

it('stops waiting when nobody wants the answer any more', async () => {
  const { url } = await start(newCertificate('127.0.0.1'));
  const reason = new Error('nobody waits');
  await expect(open(url).ask(QUESTION, AbortSignal.abort(reason))).rejects.toBe(reason);
});
