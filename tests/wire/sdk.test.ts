import Anthropic, { APIError, AuthenticationError, PermissionDeniedError } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MODEL, messageJson, START, sseEvent, textDelta } from '../support/messages.ts';
import { access, directory, type Member, type Remit, startRemit } from '../support/remit.ts';
import { startRawUpstream } from '../support/upstreams.ts';

/** The official client works against Remit with nothing but another base URL. Answers are the built-in simulation's. */

let remit: Remit;
let member: Member;
let client: Anthropic;
const clientFor = (apiKey: string, baseURL = remit.url) => new Anthropic({ apiKey, baseURL, maxRetries: 0 });

beforeAll(async () => {
  remit = await startRemit();
  await remit.allowAll();
  await remit.call(access.setModelAccess, { params: { model: 'claude-opus-5' }, body: { enabled: false } });
  member = await remit.newMember();
  client = clientFor(member.key);
});
afterAll(() => remit.stop());

const question = (content: string) => ({
  model: MODEL,
  max_tokens: 256,
  messages: [{ role: 'user' as const, content }],
});

test('creates a message, whose usage is recorded as the client sees it', async () => {
  const { data, request_id } = await client.messages.create(question('Say hello')).withResponse();
  expect(data).toMatchObject({ type: 'message', role: 'assistant', model: MODEL, stop_reason: 'end_turn' });
  expect(data.content.at(-1)).toMatchObject({ type: 'text' });
  expect(await remit.decision(String(request_id))).toMatchObject({
    outcome: 'completed',
    client: expect.stringMatching(/^Anthropic\/JS/),
    usage: { input_tokens: data.usage.input_tokens, output_tokens: data.usage.output_tokens },
  });
});

test('takes a key as a bearer token', async () => {
  const bearer = new Anthropic({ authToken: member.key, apiKey: null, baseURL: remit.url, maxRetries: 0 });
  expect((await bearer.messages.create(question('Hello'))).type).toBe('message');
});

test('streams a message', async () => {
  const stream = client.messages.stream(question('Tell me more [simulate:tokens 200]'));
  let streamed = '';
  stream.on('text', (text) => {
    streamed += text;
  });
  const message = await stream.finalMessage();
  expect(streamed.length).toBeGreaterThan(100);
  expect(message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')).toBe(streamed);
  expect(await remit.decision(String(stream.request_id))).toMatchObject({
    stream: true,
    outcome: 'completed',
    usage: { output_tokens: message.usage.output_tokens },
  });
});

test('calls a tool and goes on with its result', async () => {
  const tools = [
    {
      name: 'weather',
      description: 'Tells the weather',
      input_schema: { type: 'object' as const, properties: { city: { type: 'string' } } },
    },
  ];
  const first = await client.messages.create({ ...question('[simulate:tool weather {"city":"Ulm"}]'), tools });
  expect(first.stop_reason).toBe('tool_use');
  const use = first.content.find((block) => block.type === 'tool_use');
  expect(use).toMatchObject({ name: 'weather', input: { city: 'Ulm' } });
  const second = await client.messages.create({
    ...question(''),
    tools,
    messages: [
      { role: 'user', content: 'How is it?' },
      { role: 'assistant', content: first.content },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: use?.type === 'tool_use' ? use.id : '', content: 'Sunny' }],
      },
    ],
  });
  expect(second.stop_reason).toBe('end_turn');
});

test('counts tokens', async () => {
  const { input_tokens } = await client.messages.countTokens({
    model: MODEL,
    messages: [{ role: 'user', content: 'Hello there' }],
  });
  expect(input_tokens).toBeGreaterThan(0);
});

test('lists the permitted models page by page, and retrieves one', async () => {
  const ids: string[] = [];
  for await (const model of client.models.list({ limit: 3 })) ids.push(model.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain(MODEL);
  expect(ids).not.toContain('claude-opus-5');
  expect(await client.models.retrieve(MODEL)).toMatchObject({ id: MODEL, type: 'model' });
  await expect(client.models.retrieve('claude-opus-5')).rejects.toMatchObject({ status: 404 });
});

test('throws PermissionDeniedError for a model that is not permitted, with the sentence', async () => {
  for (const stream of [false, true]) {
    const error = await client.messages.create({ ...question('Hello'), model: 'claude-opus-5', stream }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(PermissionDeniedError);
    expect(error).toMatchObject({
      status: 403,
      type: 'permission_error',
      message: expect.stringMatching(/Claude Opus 5 is switched off/),
    });
    expect((error as APIError).requestID).toMatch(/^req_/);
  }
});

test('throws AuthenticationError for a revoked key', async () => {
  const other = await remit.newMember();
  await remit.call(directory.updateApiKey, { params: { api_key_id: other.keyId }, body: { status: 'archived' } });
  const error = await clientFor(other.key)
    .messages.create(question('Hello'))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(AuthenticationError);
  expect(error).toMatchObject({ status: 401, message: expect.stringMatching(/has been revoked/) });
});

test('hears of a revocation in mid-stream as an error it can read', async () => {
  const other = await remit.newMember();
  const stream = clientFor(other.key).messages.stream(question('[simulate:slow 50] [simulate:tokens 2000]'));
  const failed = stream.finalMessage().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await new Promise<void>((resolve) => stream.once('text', () => resolve()));
  await remit.call(directory.removeUser, { params: { user_id: other.id } });
  const error = await failed;
  expect(error).toBeInstanceOf(APIError);
  expect(String(error)).toMatch(/Your access ended while this answer was being written/);
});

test('hears of a provider that broke off in the middle of an event as an error it can read', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
  const block = sseEvent('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
  const half = `${START}${block}${textDelta('Hello')}event: content_block_delta\ndata: {"type":"content_blo`;
  const upstream = await startRawUpstream((socket) => {
    socket.write(`${head}${half.length.toString(16)}\r\n${half}\r\n`);
    setTimeout(() => socket.destroy(), 20);
  });
  const other = await startRemit({ upstreamUrl: upstream.url });
  await other.allowAll();
  const { key } = await other.newMember();
  const error = await clientFor(key, other.url)
    .messages.stream(question('Hello'))
    .finalMessage()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(APIError);
  expect(String(error)).toMatch(/The provider broke the connection off/);
  await other.stop();
});

test('retries what is worth it, and only that', async () => {
  let asked = 0;
  const text = messageJson();
  const upstream = await startRawUpstream((socket) => {
    asked += 1;
    if (asked < 3)
      socket.end('HTTP/1.1 529 Overloaded\r\nretry-after: 0\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
    else
      socket.end(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\nconnection: close\r\n\r\n${text}`,
      );
  });
  const other = await startRemit({ upstreamUrl: upstream.url });
  await other.allowAll();
  const { key } = await other.newMember();
  const retrying = new Anthropic({ apiKey: key, baseURL: other.url, maxRetries: 2 });
  expect((await retrying.messages.create(question('Hello'))).type).toBe('message');
  expect(asked).toBe(3);
  await other.call(access.setModelAccess, { params: { model: 'claude-opus-5' }, body: { enabled: false } });
  await expect(retrying.messages.create({ ...question('Hello'), model: 'claude-opus-5' })).rejects.toBeInstanceOf(
    PermissionDeniedError,
  );
  expect((await other.decisions()).filter(({ effect }) => effect === 'deny')).toHaveLength(1);
  await other.stop();
});
