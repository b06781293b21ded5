import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { begin, errorOf, send } from '../support/http.ts';
import { answerWell, bodyOf, END, messageJson, RECORDED_USAGE, START, textDelta } from '../support/messages.ts';
import { type Member, type Remit, type RemitOptions, startRemit } from '../support/remit.ts';
import { startRawUpstream, startUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Whatever a provider does, the client gets an error it understands, one row says so, and the gateway stays up. */

/** A Remit for one test with a member who may use everything. At its end nothing may run any more. */
const startFor = async (options: RemitOptions) => {
  const remit = await startRemit(options);
  onTestFinished(async () => {
    expect(await remit.running()).toBe(0);
    await remit.stop();
  });
  await remit.allowAll();
  const member = await remit.newMember();
  return { remit, member };
};

const ask = ({ remit, member }: { remit: Remit; member: Member }, extra = {}) =>
  send({ url: remit.url, key: member.key, body: bodyOf(extra) });

const SSE_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

const startRaw = async (answer: (socket: Socket, request: string) => void, env = {}) => {
  const upstream = await startRawUpstream(answer);
  return { upstream, ...(await startFor({ upstreamUrl: upstream.url, env })) };
};

describe('a provider that breaks off', () => {
  test.each([
    { risk: 'resets before its first byte', act: (socket: Socket) => socket.resetAndDestroy() },
    { risk: 'closes before its first byte', act: (socket: Socket) => socket.end() },
    {
      risk: 'closes in the middle of its headers',
      act: (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-ty'),
    },
    {
      risk: 'speaks something else than HTTP',
      act: (socket: Socket) => socket.end('220 smtp.example.com ESMTP\r\n\r\n'),
    },
    {
      risk: 'puts a control character into a header',
      act: (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nx-a: b\x01c\r\ncontent-length: 2\r\n\r\n{}'),
    },
    {
      risk: 'puts a bare line feed into a header',
      act: (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\nx-a: b\nx-c: d\r\ncontent-length: 2\r\n\r\n{}'),
    },
    {
      risk: 'sends headers without end',
      act: (socket: Socket) => socket.end(`HTTP/1.1 200 OK\r\nx-a: ${'b'.repeat(100_000)}`),
    },
    {
      risk: 'frames its answer twice',
      act: (socket: Socket) =>
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    },
    {
      risk: 'switches protocols',
      act: (socket: Socket) =>
        socket.end('HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n'),
    },
  ])('that $risk is a 502, free of charge', async ({ act }) => {
    const { remit, member, upstream } = await startRaw(act);
    const received = await ask({ remit, member });
    expect(received.status).toBe(502);
    expect(errorOf(received)).toMatchObject({ type: 'api_error', message: expect.stringMatching(/provider/) });
    expect(upstream.received).toHaveLength(1);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      status: 502,
      cost: { amount: '0', estimated: false },
    });
  });

  test('that resets in mid-stream: the client reads an error event, what was produced is charged by estimate', async () => {
    const { remit, member } = await startRaw((socket) => {
      socket.write(SSE_HEAD + chunk(START + textDelta('Half an answer, ')));
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const received = await ask({ remit, member }, { stream: true });
    expect(received).toMatchObject({ status: 200, isCut: false });
    expect(received.text.startsWith(START + textDelta('Half an answer, '))).toBe(true);
    const last = received.text.trimEnd().split('\n\n').at(-1) ?? '';
    expect(last).toMatch(/^event: error\ndata: /);
    expect(errorOf({ text: last.replace('event: error\ndata: ', '') })).toMatchObject({
      type: 'api_error',
      requestId: received.headers['request-id'],
    });
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      status: 200,
      usage: { input_tokens: 21, cache_read_input_tokens: 400 },
      cost: { estimated: true },
    });
  });

  test('that closes after half an event: the client can still read the error', async () => {
    const { remit, member } = await startRaw((socket) => {
      socket.write(SSE_HEAD + chunk(`${START}event: content_block_delta\ndata: {"type":"content_blo`));
      setTimeout(() => socket.end(), 300);
    });
    const received = await ask({ remit, member }, { stream: true });
    const last = received.text.trimEnd().split('\n\n').at(-1)?.split('\n') ?? [];
    // The last name of an event holds, so that a reader takes the broken piece and the error for one error.
    expect(last.filter((line) => line.startsWith('event: ')).at(-1)).toBe('event: error');
    expect(last.at(-1)).toMatch(/^data: \{"type":"error"/);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      cost: { estimated: true },
    });
  });

  test('that ends a stream politely, but too early, is recorded as failed and charged by estimate', async () => {
    const { remit, member } = await startRaw((socket) => {
      socket.write(`${SSE_HEAD}${chunk(START + textDelta('Not all of it'))}0\r\n\r\n`);
    });
    const received = await ask({ remit, member }, { stream: true });
    expect(received.text).toBe(START + textDelta('Not all of it'));
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      status: 200,
      cost: { estimated: true },
    });
  });

  test('that resets in the middle of a whole answer: the client sees it cut, not shortened', async () => {
    const { remit, member } = await startRaw((socket) => {
      const text = messageJson();
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text.slice(0, 60)}`,
      );
      setTimeout(() => socket.resetAndDestroy(), 50);
    });
    const begun = await begin({ url: remit.url, key: member.key, body: bodyOf() });
    expect(await begun.whole).toMatchObject({ status: 200, isCut: true, text: messageJson().slice(0, 60) });
    expect(await remit.decision(begun.requestId)).toMatchObject({ outcome: 'failed', cost: { estimated: true } });
  });

  test('that reports an error in mid-stream: it passes as it is', async () => {
    const error = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    const { remit, member } = await startRaw((socket) => {
      socket.write(`${SSE_HEAD}${chunk(START + error)}0\r\n\r\n`);
    });
    const received = await ask({ remit, member }, { stream: true });
    expect(received.text).toBe(START + error);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      cost: { estimated: true },
    });
  });
});

describe('a provider that keeps silent', () => {
  const SHORT = { REMIT_UPSTREAM_ANSWER_SECONDS: '1', REMIT_UPSTREAM_SILENCE_SECONDS: '1' };

  test('and never answers is a 504 after the time allowed', async () => {
    const { remit, member, upstream } = await startRaw(() => {}, SHORT);
    const startedAt = performance.now();
    const received = await ask({ remit, member });
    expect(received.status).toBe(504);
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect(errorOf(received)).toMatchObject({
      type: 'timeout_error',
      message: expect.stringMatching(/did not answer in time/),
    });
    await waitFor('the cut', () => upstream.connections.size === 0);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      status: 504,
    });
  });

  test('after its headers ends with an error event', async () => {
    const { remit, member } = await startRaw((socket) => void socket.write(SSE_HEAD), SHORT);
    const received = await ask({ remit, member }, { stream: true });
    expect(received.text).toMatch(/^event: error\ndata: .*timeout_error/);
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'failed',
      status: 200,
      cost: { estimated: true },
    });
  });

  test('for less than that, again and again, is waited for', async () => {
    const { remit, member } = await startRaw(async (socket) => {
      socket.write(SSE_HEAD + chunk(START));
      for (let i = 0; i < 4; i++) {
        await sleep(600);
        socket.write(chunk('event: ping\ndata: {"type":"ping"}\n\n'));
      }
      socket.write(`${chunk(END)}0\r\n\r\n`);
    }, SHORT);
    const received = await ask({ remit, member }, { stream: true });
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
      outcome: 'completed',
      usage: RECORDED_USAGE,
    });
  });
});

test('interim answers (100, 102, 103) are skipped and the final one passes', async () => {
  const text = messageJson();
  const { remit, member } = await startRaw((socket) => {
    socket.write(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n',
    );
    setTimeout(
      () =>
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
        ),
      10,
    );
  });
  const received = await ask({ remit, member });
  expect(received).toMatchObject({ status: 200, text });
  expect(received.headers).not.toHaveProperty('link');
  expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
    outcome: 'completed',
    usage: RECORDED_USAGE,
  });
});

test('an answer that arrives byte by byte, or without a length, or in odd chunks, is whole', async () => {
  const text = messageJson();
  const forms = [
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`,
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${[...text].map((byte) => chunk(byte)).join('')}0\r\ntrailer: x\r\n\r\n`,
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${text.length.toString(16).toUpperCase()};ext="1"\r\n${text}\r\n0\r\n\r\n`,
    `HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${text}`,
  ];
  let form = '';
  let isSlow = false;
  const { remit, member } = await startRaw(async (socket) => {
    if (!isSlow) socket.write(form);
    else
      for (const byte of form) {
        socket.write(byte);
        await new Promise(setImmediate);
      }
    if (form.startsWith('HTTP/1.0')) socket.end();
  });
  for (form of forms)
    for (isSlow of [false, true]) {
      const received = await ask({ remit, member });
      expect(received, `${isSlow} ${form.slice(0, 120)}`).toMatchObject({ status: 200, text, isCut: false });
      expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({
        outcome: 'completed',
        usage: RECORDED_USAGE,
      });
    }
});

test('what a provider sends after its answer reaches nobody', async () => {
  const text = messageJson();
  const whole = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  const { remit, member } = await startRaw(
    (socket) => void socket.write(`${whole}HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nforged`),
  );
  for (let i = 0; i < 3; i++) expect(await ask({ remit, member })).toMatchObject({ status: 200, text });
});

test('a kept connection that the provider has closed meanwhile is replaced, and the client sees nothing of it', async () => {
  const upstream = await startUpstream(answerWell);
  const { remit, member } = await startFor({ upstreamUrl: upstream.url });
  for (let i = 0; i < 5; i++) {
    expect(await ask({ remit, member })).toMatchObject({ status: 200, text: messageJson() });
    for (const socket of upstream.connections) socket.destroy();
    if (i % 2 === 0) await sleep(20);
  }
});
