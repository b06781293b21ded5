import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

const KEY = 'test-key';

let upstream: SimulatedUpstream;
let client: Anthropic;

beforeAll(async () => {
  upstream = await startSimulatedUpstream({ requireKey: KEY });
  client = new Anthropic({ apiKey: KEY, baseURL: upstream.url, maxRetries: 0 });
});
afterAll(() => upstream.close());

const say = (content: string, extra: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
  ...extra,
});

const enabled = { type: 'enabled', budget_tokens: 2000 };
const cases: { name: string; body: unknown; status: number; type: string; message: RegExp }[] = [
  { name: 'bad JSON', body: '{', status: 400, type: 'invalid_request_error', message: /JSON/ },
  { name: 'no model', body: {}, status: 400, type: 'invalid_request_error', message: /^model/ },
  {
    name: 'an unknown model',
    body: say('', { model: 'claude-opus-9' }),
    status: 404,
    type: 'not_found_error',
    message: /^model: claude-opus-9$/,
  },
  {
    name: 'no messages',
    body: { model: 'claude-opus-5', max_tokens: 1 },
    status: 400,
    type: 'invalid_request_error',
    message: /^messages/,
  },
  {
    name: 'no max_tokens',
    body: { model: 'claude-opus-5', messages: [{ role: 'user', content: '' }] },
    status: 400,
    type: 'invalid_request_error',
    message: /^max_tokens/,
  },
  {
    name: 'a level the model lacks',
    body: say('', { model: 'claude-opus-4-6', output_config: { effort: 'xhigh' } }),
    status: 400,
    type: 'invalid_request_error',
    message: /effort/,
  },
  {
    name: 'effort on a model without it',
    body: say('', { model: 'claude-haiku-4-5', output_config: { effort: 'low' } }),
    status: 400,
    type: 'invalid_request_error',
    message: /effort/,
  },
  {
    name: 'a thinking budget on a newer model',
    body: { ...say('', { model: 'claude-opus-4-7', max_tokens: 4000 }), thinking: enabled },
    status: 400,
    type: 'invalid_request_error',
    message: /thinking/,
  },
  {
    name: 'adaptive thinking on 4.5',
    body: { ...say('', { model: 'claude-sonnet-4-5' }), thinking: { type: 'adaptive' } },
    status: 400,
    type: 'invalid_request_error',
    message: /thinking/,
  },
];
for (const { name, body, status, type, message } of cases) {
  test(`${name} is refused with ${status}`, async () => {
    const response = await fetch(`${upstream.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    expect(response.status).toBe(status);
    const request_id = response.headers.get('request-id');
    const envelope = { type: 'error', error: { type, message: expect.stringMatching(message) }, request_id };
    expect(JSON.parse(await response.text())).toEqual(envelope);
  });
}

test('a thinking budget on 4.5 thinks, with a signature', async () => {
  const thinking = { type: 'enabled', budget_tokens: 2000 } as const;
  const message = await client.messages.create(say('', { model: 'claude-opus-4-5', max_tokens: 4000, thinking }));
  expect(message.model).toBe('claude-opus-4-5-20251101');
  expect(message.content[0]).toMatchObject({ type: 'thinking', signature: expect.stringMatching(/./) });
  expect(message.usage.output_tokens_details?.thinking_tokens).toBeGreaterThan(0);
});

test('a wrong key is refused with 401, in either header; the probes need none', async () => {
  const wrong = new Anthropic({ apiKey: 'other', baseURL: upstream.url, maxRetries: 0 });
  await expect(wrong.models.list()).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  expect((await fetch(`${upstream.url}/v1/models`)).status).toBe(401);
  expect((await fetch(`${upstream.url}/api/hello`, { method: 'HEAD' })).status).toBe(200);
  expect((await fetch(upstream.url, { method: 'HEAD' })).status).toBe(200);
});

test('bytes that are not UTF-8 and bottomless nesting are refused with 400', async () => {
  const deep = `{"model":"claude-opus-5","max_tokens":1,"messages":[{"role":"user","content":[${'{"0":'.repeat(50_000)}1${'}'.repeat(50_000)}]}]}`;
  for (const body of [Buffer.from([0x22, 0xff, 0x22]), deep]) {
    const response = await fetch(`${upstream.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body,
    });
    expect(response.status).toBe(400);
    await response.body?.cancel();
  }
});

test('a body beyond 32 MiB is refused with 413', async () => {
  const body = Buffer.alloc(33 * 1024 * 1024, ' ');
  const response = await fetch(`${upstream.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': KEY },
    body,
  });
  expect(response.status).toBe(413);
  expect(await response.json()).toMatchObject({ error: { type: 'request_too_large' } });
});

test('an unknown path is refused with 404 in the envelope', async () => {
  await expect(client.get('/v1/nothing')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
});
