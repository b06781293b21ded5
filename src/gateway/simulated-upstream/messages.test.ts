import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ReceivedRequest, type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

const KEY = 'test-key';

let upstream: SimulatedUpstream;
let client: Anthropic;
let last: ReceivedRequest | undefined;

beforeAll(async () => {
  upstream = await startSimulatedUpstream({
    requireKey: KEY,
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

test('an answer says that it is simulated and names the model and effort in force', async () => {
  const message = await client.messages.create(say('hello there', { output_config: { effort: 'medium' } }));
  expect(textOf(message)).toMatch(/^Simulated answer from claude-sonnet-5-5 at effort medium: you said “hello there”/);
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
