import { expect, it } from 'vitest';
import { forwardableRequestHeaders } from '../request-head.ts';
import { forwardableAnswerHeaders } from './headers.ts';

const flat = (headers: readonly (readonly [string, string])[]): string[] => headers.flat();

it.each([
  'anthropic-version',
  'anthropic-beta',
  'Content-Type',
  'content-encoding',
  'Accept-Encoding',
  'user-agent',
  'X-Stainless-Lang',
  'x-claude-code-session-id',
  'x-something-of-tomorrow',
  'idempotency-key',
])('passes the request header %s on as it was written', (name) => {
  expect(forwardableRequestHeaders([name, 'Value'])).toEqual([name, 'Value']);
});

it.each([
  ['Connection', 'close'],
  ['Keep-Alive', 'timeout=5'],
  ['Transfer-Encoding', 'chunked'],
  ['TE', 'trailers'],
  ['Trailer', 'x'],
  ['Upgrade', 'h2c'],
  ['Expect', '100-continue'],
  ['Proxy-Authorization', 'Basic x'],
  ['Host', 'remit.test'],
  ['Content-Length', '5'],
  ['Authorization', 'Bearer secret'],
  ['X-API-Key', 'secret'],
  ['Cookie', 'remit_session=secret'],
  ['X-Forwarded-For', '10.0.0.1'],
  ['Forwarded', 'for=10.0.0.1'],
  ['Via', '1.1 proxy'],
  ['Remit-Decision', 'allow'],
])('keeps the request header %s to itself', (name, value) => {
  expect(forwardableRequestHeaders([name, value, 'accept', '*/*'])).toEqual(['accept', '*/*']);
  expect(forwardableRequestHeaders([name.toLowerCase(), value])).toEqual([]);
});

it('drops what any Connection header declares to be of the connection, in any case and wherever it stands', () => {
  const sent = flat([
    ['X-Hop', '1'],
    ['connection', 'keep-alive'],
    ['Connection', 'X-HOP , x-second'],
    ['x-second', '2'],
    ['connection', 'x-third'],
    ['x-third', '3'],
    ['x-stays', '4'],
  ]);
  expect(forwardableRequestHeaders(sent)).toEqual(['x-stays', '4']);
});

it('keeps several values of one name several, in their order', () => {
  const sent = ['anthropic-beta', 'a', 'x', '1', 'anthropic-beta', 'b'];
  expect(forwardableRequestHeaders(sent)).toEqual(sent);
});

it('drops the content coding of a body that was unpacked', () => {
  const sent = ['Content-Encoding', 'gzip', 'accept', '*/*'];
  expect(forwardableRequestHeaders(sent, true)).toEqual(['accept', '*/*']);
});

it.each([
  ['content-type', 'text/event-stream'],
  ['content-encoding', 'zstd'],
  ['content-length', '5'],
  ['retry-after', '7'],
  ['x-should-retry', 'true'],
  ['x-something-of-tomorrow', '1'],
])('passes the answer header %s on', (name, value) => {
  expect(forwardableAnswerHeaders([name, value])).toEqual([name, value]);
});

it.each([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'set-cookie',
  'request-id',
  'alt-svc',
  'anthropic-ratelimit-requests-remaining',
  'anthropic-organization-id',
  'remit-decision',
])('keeps the answer header %s to itself', (name) => {
  expect(forwardableAnswerHeaders([name, 'x'])).toEqual([]);
});

it('keeps several values of an answer header several, and drops what Connection declares to be of the connection', () => {
  const answered = ['x-a', '1', 'x-a', '2', 'connection', 'x-hop', 'x-hop', '4', 'x-c', '3'];
  expect(forwardableAnswerHeaders(answered)).toEqual(['x-a', '1', 'x-a', '2', 'x-c', '3']);
});
