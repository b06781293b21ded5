import type { IncomingHttpHeaders } from 'node:http';
import { expect, test } from 'vitest';
import type { Exchange } from '../objects/exchange.ts';
import { showBatch } from './show-batch.ts';

const AT_PROVIDER = 'https://api.anthropic.com/v1/messages/batches/msgbatch_1/results';
const PATH = '/v1/messages/batches/msgbatch_1/results';

const urlFor = (headers: IncomingHttpHeaders, publicUrl?: string, results_url: string | null = AT_PROVIDER) =>
  showBatch({ publicUrl }, { request: { headers } } as Exchange, { id: 'msgbatch_1', results_url }).results_url;

test.each([
  [{ host: 'remit.example:8484' }, undefined, `http://remit.example:8484${PATH}`],
  [{ host: 'remit.example', 'x-forwarded-proto': 'https' }, undefined, `https://remit.example${PATH}`],
  [{ host: 'remit.example', 'x-forwarded-proto': 'https, http' }, undefined, `https://remit.example${PATH}`],
  [{ host: 'inside:8484' }, 'https://claude.example/remit', `https://claude.example/remit${PATH}`],
])('results are fetched from where the client reached us: %j', (headers, publicUrl, url) =>
  expect(urlFor(headers, publicUrl)).toBe(url),
);

test('the path a provider keeps its API under does not show', () => {
  expect(urlFor({ host: 'remit' }, undefined, `https://proxy.example/anthropic${PATH}`)).toBe(`http://remit${PATH}`);
});

test('a batch without results is shown as it is', () => {
  expect(urlFor({ host: 'remit' }, undefined, null)).toBeNull();
});
