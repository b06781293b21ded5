import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { begin, send } from '../support/http.ts';
import {
  answerWell,
  bodyOf,
  END,
  MODEL,
  messageJson,
  RECORDED_USAGE,
  START,
  STREAM,
  STREAM_HEADERS,
  sseEvent,
  textDelta,
} from '../support/messages.ts';
import { startWithMember } from '../support/remit.ts';
import type { Answer } from '../support/upstreams.ts';

/** What is metered reaches the client unchanged and is recorded as the provider reported it. */

let answer: Answer = answerWell;
let started: Awaited<ReturnType<typeof startWithMember>>;
beforeAll(async () => {
  started = await startWithMember({ answer: (request, response) => answer(request, response) });
});
afterAll(() => started.stop());

const ask = async (extra: Readonly<Record<string, unknown>> = {}, headers = {}) => {
  const { remit, member } = started;
  const received = await send({ url: remit.url, key: member.key, body: bodyOf(extra), headers });
  return { received, recorded: await remit.decision(String(received.headers['request-id'])) };
};

test('a whole answer passes byte for byte and its usage, cost and latency are recorded', async () => {
  answer = answerWell;
  const { received, recorded } = await ask({ output_config: { effort: 'low' } });
  expect(received.status).toBe(200);
  expect(received.text).toBe(messageJson());
  expect(received.headers).toMatchObject({ 'remit-decision': 'allow', 'remit-model': MODEL, 'remit-effort': 'low' });
  expect(recorded).toMatchObject({
    id: received.headers['request-id'],
    endpoint: 'messages',
    stream: false,
    outcome: 'completed',
    status: 200,
    usage: RECORDED_USAGE,
    upstream: 'anthropic',
    upstream_request_id: 'req_upstream',
    cost: { currency: 'USD', estimated: false, priced: true },
  });
  expect(Number(recorded.cost?.amount)).toBeGreaterThan(0);
  expect(recorded.latency?.first_byte_ms).toBeLessThanOrEqual(recorded.latency?.total_ms ?? 0);
});

test('a stream passes byte for byte, pings included, and the final counts are recorded', async () => {
  answer = answerWell;
  const { received, recorded } = await ask({ stream: true });
  expect(received.text).toBe(STREAM);
  expect(recorded).toMatchObject({
    stream: true,
    outcome: 'completed',
    usage: RECORDED_USAGE,
    cost: { estimated: false },
  });
});

describe('a stream that arrives in two pieces, cut at any byte', () => {
  const bytes = Buffer.from(STREAM);

  test('reaches the client whole and is metered the same', async () => {
    let cut = 0;
    answer = (_, response) => {
      const at = cut;
      response.writeHead(200, STREAM_HEADERS);
      response.write(bytes.subarray(0, at));
      setTimeout(() => response.end(bytes.subarray(at)), 2);
    };
    const { remit, member } = started;
    const requestIds: string[] = [];
    for (cut = 1; cut < bytes.length; cut++) {
      const { text, headers } = await send({ url: remit.url, key: member.key, body: bodyOf({ stream: true }) });
      expect(text, `cut at ${cut}`).toBe(STREAM);
      requestIds.push(String(headers['request-id']));
    }
    await remit.decision(String(requestIds.at(-1)));
    const recorded = new Map((await remit.decisions()).map((one) => [one.id, one]));
    for (const [index, id] of requestIds.entries()) {
      const one = recorded.get(id) ?? (await remit.decision(id));
      expect(one, `cut at ${index + 1}`).toMatchObject({
        outcome: 'completed',
        usage: RECORDED_USAGE,
        cost: { estimated: false },
      });
    }
  });

  test('arrives byte by byte as well', async () => {
    answer = async (_, response) => {
      response.writeHead(200, STREAM_HEADERS);
      for (const byte of bytes) {
        response.write(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    };
    const { received, recorded } = await ask({ stream: true });
    expect(received.text).toBe(STREAM);
    expect(recorded).toMatchObject({ outcome: 'completed', usage: RECORDED_USAGE });
  });
});

test('lines that end in CRLF are metered like others', async () => {
  const stream = STREAM.replaceAll('\n', '\r\n');
  answer = (_, response) => {
    response.writeHead(200, STREAM_HEADERS);
    const half = stream.indexOf('\r\n') + 1;
    response.write(stream.slice(0, half));
    setTimeout(() => response.end(stream.slice(half)), 5);
  };
  const { received, recorded } = await ask({ stream: true });
  expect(received.text).toBe(stream);
  expect(recorded).toMatchObject({ outcome: 'completed', usage: RECORDED_USAGE, cost: { estimated: false } });
});

test('one event of 5 MB passes whole and the counts around it are recorded', async () => {
  const stream = START + textDelta('x'.repeat(5 * 1024 * 1024)) + END;
  answer = (_, response) => response.writeHead(200, STREAM_HEADERS).end(stream);
  const { received, recorded } = await ask({ stream: true });
  expect(received.text === stream).toBe(true);
  expect(recorded).toMatchObject({ outcome: 'completed', usage: RECORDED_USAGE, cost: { estimated: false } });
});

test('text that quotes an event does not count as one', async () => {
  const quoted = 'event: message_stop\ndata: {"type":"message_delta","usage":{"output_tokens":9999}}\n\n';
  const stream = START + textDelta(quoted) + END;
  answer = (_, response) => response.writeHead(200, STREAM_HEADERS).end(stream);
  const { received, recorded } = await ask({ stream: true });
  expect(received.text).toBe(stream);
  expect(recorded.usage).toEqual(RECORDED_USAGE);
});

const CODINGS = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync } as const;

describe.each(Object.entries(CODINGS))('an answer in %s', (coding, compress) => {
  test.each([
    { form: 'whole', extra: {}, plain: messageJson(), type: 'application/json' },
    { form: 'as a stream', extra: { stream: true }, plain: STREAM, type: STREAM_HEADERS['content-type'] },
  ])('passes byte for byte and is metered, $form', async ({ extra, plain, type }) => {
    const packed = compress(Buffer.from(plain));
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': type, 'content-encoding': coding });
      response.write(packed.subarray(0, 40));
      setTimeout(() => response.end(packed.subarray(40)), 5);
    };
    const { received, recorded } = await ask(extra, { 'accept-encoding': coding });
    expect(received.headers['content-encoding']).toBe(coding);
    expect(received.body.equals(packed)).toBe(true);
    expect(recorded).toMatchObject({ outcome: 'completed', usage: RECORDED_USAGE, cost: { estimated: false } });
  });
});

test.each(['snappy', 'constructor', '__proto__'])(
  'an answer in the unknown coding %s passes as it is and is charged by estimate',
  async (coding) => {
    answer = (_, response) =>
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': coding }).end('not to be read');
    const { received, recorded } = await ask();
    expect(received.text).toBe('not to be read');
    expect(recorded).toMatchObject({ outcome: 'completed', cost: { estimated: true } });
  },
);

test('an answer that is not what its coding says reaches the client and is charged by estimate', async () => {
  answer = (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('this is no gzip');
  const { received, recorded } = await ask();
  expect(received.text).toBe('this is no gzip');
  expect(recorded).toMatchObject({ outcome: 'completed', cost: { estimated: true } });
});

test.each([null, {}, { input_tokens: '10', output_tokens: -5 }])(
  'an answer whose usage says nothing (%j) is charged by estimate, not for free',
  async (usage) => {
    answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...JSON.parse(messageJson(MODEL)), usage }));
    const { recorded } = await ask();
    expect(recorded).toMatchObject({ outcome: 'completed', cost: { estimated: true } });
    expect(recorded.usage?.input_tokens).toBeGreaterThan(0);
    expect(recorded.usage?.output_tokens).toBeGreaterThan(0);
  },
);

test('a stream that tells no usage is charged by estimate', async () => {
  answer = (_, response) => {
    const start = sseEvent('message_start', { message: { id: 'msg_1', model: MODEL, content: [] } });
    response.writeHead(200, STREAM_HEADERS).end(start + textDelta('Good morning.') + sseEvent('message_stop'));
  };
  const { recorded } = await ask({ stream: true });
  expect(recorded).toMatchObject({ outcome: 'completed', cost: { estimated: true } });
});

test('counting tokens is recorded and costs nothing', async () => {
  answer = answerWell;
  const { remit, member } = started;
  const begun = await begin({ url: remit.url, path: '/v1/messages/count_tokens', key: member.key, body: bodyOf() });
  expect((await begun.whole).text).toBe('{"input_tokens":12}');
  expect(await remit.decision(begun.requestId)).toMatchObject({
    endpoint: 'count_tokens',
    outcome: 'completed',
    cost: { amount: '0', estimated: false },
  });
});

test('a model that answers under another name is charged as that model', async () => {
  answer = (_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(messageJson('claude-haiku-5-5'));
  const { recorded } = await ask();
  expect(recorded).toMatchObject({ model: { asked: MODEL, used: MODEL }, outcome: 'completed', usage: RECORDED_USAGE });
  answer = answerWell;
  expect(Number((await ask()).recorded.cost?.amount)).toBeGreaterThan(Number(recorded.cost?.amount));
});
