import { describe, expect, it } from 'vitest';
import { createRangeMatcher, createReadClient, parseAddress, parseRange } from './client-facts.ts';

const read = createReadClient(['10.0.0.0/8', '::1', 'fd00::/8'], () => false);

it.each<readonly [what: string, peer: string | undefined, forwardedFor: string | null, address: string | null]>([
  ['nobody in between', '203.0.113.9', null, '203.0.113.9'],
  ['a client that claims to be somebody else', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['one trusted proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
  ['a claim of the client before what the proxy added', '10.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
  ['two trusted proxies', '10.0.0.1', '198.51.100.1, 10.9.9.9', '198.51.100.1'],
  ['an untrusted proxy behind a trusted one', '10.0.0.1', '1.2.3.4, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
  ['trusted addresses all the way', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
  ['a proxy that says nothing', '10.0.0.1', null, '10.0.0.1'],
  ['a proxy that says something unreadable', '10.0.0.1', '198.51.100.1, unknown', '10.0.0.1'],
  ['an empty header', '10.0.0.1', '', '10.0.0.1'],
  ['IPv4 inside of IPv6', '::ffff:10.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
  ['IPv6 with a port', '::1', '[2001:db8::7]:4711', '2001:db8::7'],
  ['IPv4 with a port', '::1', '198.51.100.1:4711', '198.51.100.1'],
  ['a socket that has gone', undefined, '198.51.100.1', null],
])('%s: %s with %s is %s', (_what, peer, forwardedFor, address) => {
  expect(read({ peer, forwardedFor })).toEqual({ address, isSecure: false });
});

it.each<readonly [peer: string, proto: string | null, isPublicHttps: boolean, isSecure: boolean]>([
  ['10.0.0.1', 'https', false, true],
  ['10.0.0.1', 'http, https', false, true],
  ['10.0.0.1', 'https, http', false, false],
  ['203.0.113.9', 'https', false, false],
  ['203.0.113.9', null, true, true],
  ['10.0.0.1', null, false, false],
])('%s saying %s, with a public address on https: %s, is secure: %s', (peer, forwardedProto, isPublic, isSecure) => {
  expect(createReadClient(['10.0.0.0/8'], () => isPublic)({ peer, forwardedProto }).isSecure).toBe(isSecure);
});

describe('addresses and ranges', () => {
  it.each([
    '',
    'example.com',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    ':::',
    '1.2.3.4/8',
  ])('“%s” is no address', (text) => expect(parseAddress(text)).toBeUndefined());

  it.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '::/129', '10.0.0.0/8/8', 'x/8', '10.0.0.0/0x8'])(
    '“%s” is no range',
    (text) => expect(parseRange(text)).toBeUndefined(),
  );

  it.each<readonly [readonly string[], string, boolean]>([
    [['192.0.2.0/24'], '192.0.2.255', true],
    [['192.0.2.0/24'], '192.0.3.0', false],
    [['192.0.2.7'], '192.0.2.7', true],
    [['192.0.2.0/24'], '::ffff:192.0.2.1', true],
    [['2001:db8::/32'], '2001:db8:ffff::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['::/0'], '192.0.2.1', false],
    [[], '192.0.2.1', false],
    [['192.0.2.0/24'], 'nobody', false],
  ])('%j hold %s: %s', (ranges, address, holds) => {
    expect(createRangeMatcher(ranges)(address)).toBe(holds);
  });
});
