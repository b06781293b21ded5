import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import Anthropic from '@anthropic-ai/sdk';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

let upstream: SimulatedUpstream;
let client: Anthropic;

beforeAll(async () => {
  upstream = await startSimulatedUpstream();
  client = new Anthropic({ apiKey: 'any', baseURL: upstream.url, maxRetries: 0 });
});
afterAll(() => upstream.close());

const say = (content: string) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 5000,
  messages: [{ role: 'user' as const, content }],
});

const post = (content: string, stream = false) =>
  request(`${upstream.url}/v1/messages`, { method: 'POST', body: JSON.stringify({ ...say(content), stream }) });

const statuses = [
  { status: 429, type: 'rate_limit_error', retryAfter: '1' },
  { status: 529, type: 'overloaded_error', retryAfter: '1' },
  { status: 500, type: 'api_error', retryAfter: undefined },
  { status: 403, type: 'permission_error', retryAfter: undefined },
];
for (const { status, type, retryAfter } of statuses) {
  test(`an asked-for error ${status} has its type and retry-after`, async () => {
    const { statusCode, headers, body } = await post(`[simulate:error ${status}]`);
    expect(statusCode).toBe(status);
    expect(headers['retry-after']).toBe(retryAfter);
    expect(await body.json()).toMatchObject({ type: 'error', error: { type } });
  });
}

test('a stream can fail in the middle with an error event', async () => {
  const texts: string[] = [];
  const run = client.messages.stream(say('[simulate:error-midstream]')).on('text', (text) => texts.push(text));
  await expect(run.finalMessage()).rejects.toThrow(/Overloaded/);
  expect(texts.length).toBeGreaterThan(0);
});

test('a connection can be reset in the middle, streaming or not', async () => {
  const stream = await post('[simulate:reset-midstream]', true);
  expect(stream.statusCode).toBe(200);
  await expect(stream.body.text()).rejects.toThrow();
  const whole = await post('[simulate:reset-midstream]');
  await expect(whole.body.text()).rejects.toThrow();
});

test('a hanging answer never comes, and closing the server ends the wait', async () => {
  const other = await startSimulatedUpstream();
  const body = JSON.stringify(say('[simulate:hang]'));
  const waiting = request(`${other.url}/v1/messages`, { method: 'POST', body });
  const outcome = waiting.then(
    () => 'answered',
    () => 'cut',
  );
  const pause = new Promise((resolve) => setTimeout(resolve, 100, 'silent'));
  expect(await Promise.race([outcome, pause])).toBe('silent');
  await other.close();
  expect(await outcome).toBe('cut');
});

test('a slow stream keeps its pace', async () => {
  const startedMs = performance.now();
  const { body } = await post('[simulate:slow 20] [simulate:tokens 20]', true);
  const frames = (await body.text()).split('\n\n').length - 1;
  expect(performance.now() - startedMs).toBeGreaterThan(frames * 15);
});

test('the number of text tokens can be chosen', async () => {
  const message = await client.messages.create(say('[simulate:tokens 500] hi'));
  const thinking = message.usage.output_tokens_details?.thinking_tokens ?? 0;
  expect(message.usage.output_tokens - thinking).toBe(500);
});

test('a refusal stops with its details', async () => {
  const message = await client.messages.stream(say('[simulate:refusal]')).finalMessage();
  expect(message).toMatchObject({ stop_reason: 'refusal', stop_details: { type: 'refusal' } });
});

const decoders = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync };
for (const [coding, decode] of Object.entries(decoders)) {
  for (const stream of [false, true]) {
    test(`${stream ? 'a stream' : 'an answer'} can be coded with ${coding}`, async () => {
      const { headers, body } = await post(`[simulate:${coding}]`, stream);
      expect(headers['content-encoding']).toBe(coding);
      const text = decode(Buffer.from(await body.arrayBuffer())).toString();
      expect(text).toContain(stream ? 'event: message_stop' : '"type":"message"');
    });
  }
}

test('a coded stream still arrives event by event', async () => {
  const { body } = await post('[simulate:gzip] [simulate:slow 30] [simulate:tokens 20]', true);
  let chunks = 0;
  for await (const _chunk of body) chunks++;
  expect(chunks).toBeGreaterThan(5);
});

test('a redirect points to another path of the simulation', async () => {
  const { statusCode, headers } = await post('[simulate:redirect]');
  expect(statusCode).toBe(307);
  expect(headers.location).toBe(`${upstream.url}/redirected`);
});

for (const coding of ['', '[simulate:gzip]', '[simulate:zstd]']) {
  test(`clients that leave in the middle do not disturb the next one ${coding}`, async () => {
    const leave = async (pace: string) => {
      const leaving = client.messages.stream({
        ...say(`${coding} ${pace} [simulate:tokens 90000]`),
        max_tokens: 100_000,
      });
      leaving.on('text', () => leaving.abort());
      await expect(leaving.finalMessage()).rejects.toThrow();
    };
    await Promise.all(['', '', '[simulate:slow 20]', '[simulate:slow 1]'].map(leave));
    expect((await client.messages.create(say('hi'))).stop_reason).toBe('end_turn');
  });
}
