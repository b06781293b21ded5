import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { reachOf } from './guard-address.ts';
import { createGuardedFetch } from './guarded-fetch.ts';

let url: string;
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  if (request.url === '/redirect') return response.writeHead(302, { location: '/' }).end();
  if (request.url === '/large') return response.end('x'.repeat(2 * 1024 * 1024));
  return response.end('here');
});
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

it.each([
  ['192.0.2.1', false],
  ['8.8.8.8', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.16.0.1', false],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:8.8.8.8', true],
  ['fd00::1', false],
  ['fe80::1', false],
  ['2606:4700:4700::1111', true],
  ['nonsense', false],
])('%s is public: %s', (address, isPublic) => {
  expect(reachOf(address) === 'public').toBe(isPublic);
});

it('asks nothing inside the network, by whatever name', async () => {
  const guarded = createGuardedFetch([]);
  const port = new URL(url).port;
  const forbidden = [
    url,
    `https://127.0.0.1:${port}/`,
    `https://localhost:${port}/`,
    `https://[::1]:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    `https://2130706433:${port}/`,
    'https://169.254.169.254/latest/meta-data',
  ];
  for (const one of forbidden) await expect(guarded(one)).rejects.toThrow();
  expect(asked).toBe(0);
});

it('asks an origin that is exempt, follows no redirect, and reads no more than a megabyte', async () => {
  const guarded = createGuardedFetch([url]);
  expect(await (await guarded(url)).text()).toBe('here');
  expect((await guarded(`${url}/redirect`)).status).toBe(302);
  await expect(guarded(`${url}/large`).then((response) => response.text())).rejects.toThrow();
});
