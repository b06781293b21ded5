import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { createAlerts } from '../upstream/alerts.ts';
import { openServerConnection, type ServerConnection } from './server-connection.ts';

/** A new certificate that vouches for itself, and its key; made by openssl, since Node signs none. */
const certificate = (address: string): { key: string; cert: string } => {
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', cert];
  const names = ['-subj', '/CN=mcp.test', '-addext', `subjectAltName=IP:${address}`];
  execFileSync('openssl', ['req', '-x509', ...made, ...names, '-days', '1'], { stdio: 'ignore' });
  const read = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return read;
};

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
  const pair = certificate(address);
  if (isTrusted) tls.setDefaultCACertificates([...trusted, pair.cert]);
  const { url, received } = await start(pair);
  await expect(open(url).ask(QUESTION, new AbortController().signal)).rejects.toMatchObject({
    code: 'upstream_unreachable',
  });
  expect(received).toEqual([]);
});

it('a server with a certificate that is vouched for is, with the credential', async () => {
  const pair = certificate('127.0.0.1');
  tls.setDefaultCACertificates([...trusted, pair.cert]);
  const { url, received } = await start(pair);
  const answer = await open(url).ask(QUESTION, new AbortController().signal);
  expect([answer.status, await text(answer.body)]).toEqual([200, '{}']);
  expect(received).toEqual(['Bearer secret']);
});

it('stops waiting when nobody wants the answer any more', async () => {
  const { url } = await start(certificate('127.0.0.1'));
  const reason = new Error('nobody waits');
  await expect(open(url).ask(QUESTION, AbortSignal.abort(reason))).rejects.toBe(reason);
});
