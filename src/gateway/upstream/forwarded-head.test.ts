import { expect, it } from 'vitest';
import { ForwardedHead } from './forwarded-head.ts';

it('is written for each provider with its own path, host and credential, whichever had it before', () => {
  const head = new ForwardedHead('/v1/messages?beta=true', 'accept: */*\r\n');
  const one = { basePath: '', ownLines: 'host: one\r\nx-api-key: first\r\n' };
  const two = { basePath: '/base', ownLines: 'host: two\r\nx-api-key: second\r\n' };
  const forOne =
    'POST /v1/messages?beta=true HTTP/1.1\r\nhost: one\r\nx-api-key: first\r\naccept: */*\r\ncontent-length: ';
  const forTwo =
    'POST /base/v1/messages?beta=true HTTP/1.1\r\nhost: two\r\nx-api-key: second\r\naccept: */*\r\ncontent-length: ';
  expect([one, one, two, one].map((provider) => head.textFor(provider))).toEqual([forOne, forOne, forTwo, forOne]);
});
