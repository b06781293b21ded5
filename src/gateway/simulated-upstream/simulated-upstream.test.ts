import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CATALOGUE } from './models.ts';
import { type ReceivedRequest, type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

const KEY = 'test-key';
let upstream: SimulatedUpstream;
let client: Anthropic;
let nowMs = Date.parse('2026-11-23T00:00:00Z');
let last: ReceivedRequest | undefined;

beforeAll(async () => {
  upstream = await startSimulatedUpstream({
    requireKey: KEY,
    now: () => nowMs,
    batchDurationMs: 1000,
    onRequest: (request) => {
      last = request;
    },
  });
  client = new Anthropic({ apiKey: KEY, baseURL: upstream.url, maxRetries: 0 });
});
afterAll(() => upstream.close());

const say = (content: string, extra: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
  model: 'claude-sonnet-5-5',
  max_tokens: 1000,
  messages: [{ role: 'user' as const, content }],
  ...extra,
});

const textOf = (message: Anthropic.Message): string =>
  message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

const BASH: Anthropic.Tool = {
  name: 'Bash',
  input_schema: { type: 'object', properties: { command: { type: 'string' } } },
};

describe('messages', () => {
  test('an answer says that it is simulated and names the model and effort in force', async () => {
    const message = await client.messages.create(say('hello there', { output_config: { effort: 'medium' } }));
    expect(textOf(message)).toMatch(
      /^Simulated answer from claude-sonnet-5-5 at effort medium: you said “hello there”/,
    );
    expect(message).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'end_turn', stop_details: null });
    expect(message.usage).toMatchObject({ service_tier: 'standard', speed: 'standard', inference_geo: 'global' });
    expect(message._request_id).toMatch(/^req_/);
    expect(last?.path).toBe('/v1/messages');
  });

  test('an omitted effort is the default of the model', async () => {
    const opus = await client.messages.create(say('hi', { model: 'claude-opus-5-5' }));
    expect(textOf(opus)).toContain('at effort medium');
    const sonnet = await client.messages.create(say('hi'));
    expect(textOf(sonnet)).toContain('at effort high');
  });

  test('more effort gives more output, and thinking from high on', async () => {
    const runs = [];
    for (const effort of ['low', 'medium', 'high', 'xhigh', 'max'] as const) {
      const thinking = { type: 'adaptive', display: 'summarized' } as const;
      runs.push(await client.messages.create(say('hi', { output_config: { effort }, thinking, max_tokens: 9000 })));
    }
    const outputs = runs.map(({ usage }) => usage.output_tokens);
    expect(outputs).toEqual(outputs.toSorted((a, b) => a - b));
    expect(new Set(outputs).size).toBe(5);
    expect(runs.map(({ content }) => content[0]?.type)).toEqual(['text', 'text', 'thinking', 'thinking', 'thinking']);
  });

  test('a stream adds up to the same message as the plain answer', async () => {
    const asked = say('hello', { thinking: { type: 'adaptive', display: 'summarized' } });
    const plain = await client.messages.create(asked);
    const streamed = await client.messages.stream(asked).finalMessage();
    expect(streamed.content).toEqual(plain.content);
    expect(streamed.usage).toEqual(plain.usage);
    expect(streamed.stop_reason).toBe('end_turn');
  });

  test('a stream has the events of the API in its order, with event and data lines and a ping', async () => {
    const response = await fetch(`${upstream.url}/v1/messages?beta=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...say('[simulate:tokens 30] hi', { output_config: { effort: 'low' } }), stream: true }),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const frames = (await response.text()).trimEnd().split('\n\n');
    const events = frames.map((frame) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(frame) ?? [];
      expect(JSON.parse(data ?? '').type).toBe(name);
      return name;
    });
    expect([...new Set(events)]).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  test('a marked prefix is written once and read afterwards', async () => {
    const cached = {
      type: 'text',
      text: 'long '.repeat(500),
      cache_control: { type: 'ephemeral', ttl: '1h' },
    } as const;
    const first = await client.messages.create(say('a', { system: [cached] }));
    const second = await client.messages.create(say('b', { system: [cached] }));
    expect(first.usage.cache_creation).toEqual({
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: first.usage.cache_creation_input_tokens,
    });
    expect(second.usage.cache_read_input_tokens).toBe(first.usage.cache_creation_input_tokens);
    expect(second.usage.cache_creation_input_tokens).toBe(0);
  });

  test('limits end the answer: max_tokens and stop sequences', async () => {
    const short = await client.messages.create(say('hi', { max_tokens: 5, output_config: { effort: 'low' } }));
    expect(short).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 5 } });
    const stopped = await client.messages.create(say('hi', { stop_sequences: ['from'] }));
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'from' });
    expect(textOf(stopped)).toBe('Simulated answer ');
  });

  test('a schema is answered with JSON that has its properties', async () => {
    const schema = { type: 'object', properties: { title: { type: 'string' }, count: { type: 'integer' } } };
    const message = await client.messages.create(
      say('name this', { output_config: { format: { type: 'json_schema', schema } } }),
    );
    expect(JSON.parse(textOf(message))).toEqual({ title: expect.stringContaining('Simulated'), count: 0 });
  });

  test('a tool is called when asked for, and its result gets a final answer', async () => {
    const ask = { role: 'user', content: 'please [simulate:tool Bash {"command":"ls"}]' } as const;
    const asked = say('', { tools: [BASH], messages: [ask] });
    const call = await client.messages.stream(asked).finalMessage();
    expect(call.stop_reason).toBe('tool_use');
    const use = call.content.find((block) => block.type === 'tool_use');
    expect(use).toMatchObject({ name: 'Bash', input: { command: 'ls' } });
    const result = { type: 'tool_result', tool_use_id: use?.id ?? '', content: 'a.txt b.txt' } as const;
    const final = await client.messages.create({
      ...asked,
      messages: [ask, { role: 'assistant', content: call.content }, { role: 'user', content: [result] }],
    });
    expect(final.stop_reason).toBe('end_turn');
    expect(textOf(final)).toContain('the tool answered “a.txt b.txt”');
  });

  test('a tool that is not offered is not called', async () => {
    const message = await client.messages.create(say('[simulate:tool Bash {}]'));
    expect(message.stop_reason).toBe('end_turn');
    expect(textOf(message)).toContain('no tool named “Bash” is offered');
  });

  test('a system message in the middle sets the effort of the turn', async () => {
    const messages: unknown[] = [
      { role: 'user', content: 'hi' },
      { role: 'system', content: 'environment', output_config: { effort: 'low' } },
    ];
    const body = { ...say(''), messages, output_config: { effort: 'high' }, context_management: { edits: [] } };
    const response = await fetch(`${upstream.url}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': KEY },
      body: JSON.stringify(body),
    });
    const message = JSON.parse(await response.text());
    expect(message.content[0].text).toContain('at effort low');
    expect(message.context_management).toEqual({ applied_edits: [] });
  });

  test('tokens are counted as they are charged', async () => {
    const { max_tokens: _max, ...asked } = say('count me');
    const counted = await client.messages.countTokens(asked);
    const charged = await client.messages.create(say('count me'));
    expect(counted.input_tokens).toBe(charged.usage.input_tokens);
  });
});

describe('refusals', () => {
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

  test('an unknown path is refused with 404 in the envelope', async () => {
    await expect(client.get('/v1/nothing')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});

describe('models', () => {
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
});

describe('batches', () => {
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
});

describe('files', () => {
  test('a file is uploaded, listed, downloaded byte for byte and deleted', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 200]);
    const file = await client.files.upload({ file: await toFile(bytes, 'data.bin', { type: 'image/png' }) });
    expect(file).toMatchObject({ type: 'file', filename: 'data.bin', mime_type: 'image/png', size_bytes: 7 });
    const listed: string[] = [];
    for await (const { id } of client.files.list({ limit: 1 })) listed.push(id);
    expect(listed).toEqual([file.id]);
    const content = await client.files.download(file.id);
    expect(Buffer.from(await content.arrayBuffer())).toEqual(bytes);
    expect(await client.files.delete(file.id)).toMatchObject({ type: 'file_deleted' });
    await expect(client.files.retrieveMetadata(file.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });

  test('an expired file is gone', async () => {
    const file = await client.files.upload({ file: await toFile(Buffer.from('x'), 'x.txt'), expires_in_seconds: 3600 });
    nowMs += 3_600_000;
    await expect(client.files.download(file.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});
