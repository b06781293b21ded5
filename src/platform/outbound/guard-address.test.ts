import { expect, it } from 'vitest';
import { checkLiteral, ForbiddenAddress, guardedLookup, reachOf } from './guard-address.ts';

it.each([
  ['93.184.216.34', 'public'],
  ['2606:2800:220:1::1', 'public'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['127.0.0.1', 'private'],
  ['::1', 'private'],
  ['fd12::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['169.254.169.254', 'forbidden'],
  ['::ffff:169.254.169.254', 'forbidden'],
  ['fe80::1', 'forbidden'],
  ['fd00:ec2::254', 'forbidden'],
  ['100.100.100.200', 'forbidden'],
  ['0.0.0.0', 'forbidden'],
  ['::', 'forbidden'],
  ['224.0.0.1', 'forbidden'],
  ['255.255.255.255', 'forbidden'],
  ['240.0.0.1', 'forbidden'],
  ['192.0.2.1', 'forbidden'],
  ['64:ff9b::a00:1', 'forbidden'],
  ['2002:a00:1::', 'forbidden'],
  ['no address', 'forbidden'],
])('knows what %s is: %s', (address, reach) => {
  expect(reachOf(address)).toBe(reach);
});

it('refuses hosts that are addresses, in every spelling that URLs have for them', () => {
  for (const host of [
    '127.0.0.1',
    '[::1]',
    new URL('http://2130706433/').hostname,
    new URL('http://0x7f.1/').hostname,
  ]) {
    expect(() => checkLiteral(host, false)).toThrow(ForbiddenAddress);
    expect(() => checkLiteral(host, true)).not.toThrow();
  }
  expect(() => checkLiteral('mcp.example', false)).not.toThrow();
});

const resolve = (host: string, allowsPrivate: boolean, all: boolean) =>
  new Promise((done, fail) => {
    guardedLookup(allowsPrivate)(host, { all }, (error, address) => (error === null ? done(address) : fail(error)));
  });

it('refuses names that stand for addresses inside, at the moment of connecting', async () => {
  await expect(resolve('localhost', false, true)).rejects.toBeInstanceOf(ForbiddenAddress);
  await expect(resolve('localhost', false, false)).rejects.toBeInstanceOf(ForbiddenAddress);
  expect(await resolve('localhost', true, false)).toMatch(/^(127\.0\.0\.1|::1)$/);
  expect(await resolve('localhost', true, true)).toContainEqual(
    expect.objectContaining({ address: expect.any(String) }),
  );
});
