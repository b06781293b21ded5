import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CATALOGUE } from './models.ts';
import { type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

const KEY = 'test-key';

let upstream: SimulatedUpstream;
let client: Anthropic;

beforeAll(async () => {
  upstream = await startSimulatedUpstream({});
  client = new Anthropic({ apiKey: KEY, baseURL: upstream.url, maxRetries: 0 });
});
afterAll(() => upstream.close());

test('the list pages through the whole catalogue, newest first', async () => {
  const ids: string[] = [];
  for await (const model of client.models.list({ limit: 5 })) ids.push(model.id);
  expect(ids).toEqual(CATALOGUE.map(({ id }) => id));
});

test('a model is found by its alias and tells its effort levels', async () => {
  const opus = await client.models.retrieve('claude-opus-4-5');
  expect(opus.id).toBe('claude-opus-4-5-20251101');
  const effort = opus.capabilities?.effort;
  expect(effort).toMatchObject({ supported: true, high: { supported: true }, max: { supported: false } });
  await expect(client.models.retrieve('gpt')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
});
