import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

const KEY = 'test-key';

let upstream: SimulatedUpstream;
let client: Anthropic;
let nowMs = Date.parse('2026-11-23T00:00:00Z');

beforeAll(async () => {
  upstream = await startSimulatedUpstream({ now: () => nowMs, batchDurationMs: 1000 });
  client = new Anthropic({ apiKey: KEY, baseURL: upstream.url, maxRetries: 0 });
});
afterAll(() => upstream.close());

const say = (content: string, extra: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
  ...extra,
});

const entries = [
  { custom_id: 'good', params: say('one') },
  { custom_id: 'bad', params: say('two', { model: 'claude-none' }) },
];

test('a batch ends by the clock and its results tell each entry', async () => {
  const created = await client.messages.batches.create({ requests: entries });
  expect(created).toMatchObject({ processing_status: 'in_progress', results_url: null });
  expect(created.request_counts.processing).toBe(2);
  await expect(client.messages.batches.delete(created.id)).rejects.toBeInstanceOf(Anthropic.BadRequestError);
  nowMs += 1000;
  const ended = await client.messages.batches.retrieve(created.id);
  expect(ended.request_counts).toMatchObject({ processing: 0, succeeded: 1, errored: 1 });
  const results = [];
  for await (const line of await client.messages.batches.results(created.id)) results.push(line);
  expect(results).toMatchObject([
    { custom_id: 'good', result: { type: 'succeeded', message: { usage: { service_tier: 'batch' } } } },
    { custom_id: 'bad', result: { type: 'errored', error: { error: { type: 'not_found_error' } } } },
  ]);
  expect((await client.messages.batches.list()).data.map(({ id }) => id)).toContain(created.id);
  expect(await client.messages.batches.delete(created.id)).toEqual({ id: created.id, type: 'message_batch_deleted' });
});

test('a cancelled batch keeps what was done and cancels the rest', async () => {
  const created = await client.messages.batches.create({ requests: entries });
  nowMs += 500;
  expect((await client.messages.batches.cancel(created.id)).processing_status).toBe('canceling');
  nowMs += 1;
  const ended = await client.messages.batches.retrieve(created.id);
  expect(ended).toMatchObject({ processing_status: 'ended', request_counts: { succeeded: 1, canceled: 1 } });
});

test('custom ids must be well formed and unique', async () => {
  const twice = [entries[0], entries[0]].flatMap((entry) => entry ?? []);
  await expect(client.messages.batches.create({ requests: twice })).rejects.toThrow(/used twice/);
  const odd = [{ custom_id: 'a b', params: say('') }];
  await expect(client.messages.batches.create({ requests: odd })).rejects.toThrow(/custom_id/);
});
