import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { newCertificate } from '../../../tests/support/certificate.ts';
import { answer, ask, closeAll, listen, open, pattern, perRequest, send } from './testing/provider.ts';

afterEach(closeAll);

const trusted = tls.getCACertificates('default');
afterEach(() => tls.setDefaultCACertificates(trusted));

it.each([
  ['that nobody vouches for', 'TLSv1.2', '127.0.0.1', false],
  ['that nobody vouches for', 'TLSv1.3', '127.0.0.1', false],
  ['of another address', 'TLSv1.2', '127.0.0.2', true],
  ['of another address', 'TLSv1.3', '127.0.0.2', true],
] as const)(
  'a provider with a certificate %s is unreachable over %s, and gets not a byte of any request',
  async (_, version, address, isTrusted) => {
    const pair = newCertificate(address);
    if (isTrusted) tls.setDefaultCACertificates([...trusted, pair.cert]);
    let received = 0;
    const server = tls.createServer({ ...pair, minVersion: version, maxVersion: version }, (socket) =>
      socket
        .on('error', () => {})
        .on('data', (piece: Buffer) => {
          received += piece.length;
          socket.write(answer('gotcha'));
        }),
    );
    const connections = open((await listen(server, 'https')).url);
    for (let i = 0; i < 2; i++)
      expect(await ask(connections, pattern(20_000))).toMatchObject({ status: 0, error: 'unreachable' });
    await sleep(50);
    expect(received).toBe(0);
  },
);

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a trusted provider is spoken to in %s: kept, paused, resumed',
  async (version) => {
    const pair = newCertificate();
    tls.setDefaultCACertificates([...trusted, pair.cert]);
    const big = pattern(3_000_000);
    const options = { ...pair, minVersion: version, maxVersion: version };
    const server = tls.createServer(
      options,
      perRequest((socket, { request }, body) => {
        if (request === 3) socket.end(`HTTP/1.1 200 OK\r\n\r\n${body.length}`);
        else
          socket.write(Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${big.length}\r\n\r\n`), big]));
      }),
    );
    const { url, sockets } = await listen(server, 'https');
    const connections = open(url);
    const { exchange, begun, bytes, outcome } = send(connections);
    await begun;
    exchange.pause();
    await sleep(100);
    expect(bytes()).toBeLessThan(big.length);
    exchange.resume();
    expect((await outcome).body.equals(big)).toBe(true);
    expect((await send(connections, big).outcome).body.equals(big)).toBe(true);
    expect(await ask(connections, big)).toMatchObject({ error: null, text: String(big.length) });
    expect(sockets).toHaveLength(1);
    expect((await send(connections).outcome).body.equals(big)).toBe(true);
    expect(sockets).toHaveLength(2);
  },
);
