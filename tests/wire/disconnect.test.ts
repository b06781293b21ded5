import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { begin, send, sendAndLeave } from '../support/http.ts';
import { answerWell, beginStream, bodyOf, END, START, STREAM_HEADERS, textDelta } from '../support/messages.ts';
import { startRemitProcess, startWithMember } from '../support/remit.ts';
import { type Answer, startUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** A client that leaves or does not read costs what the provider produced, and nothing else. */

const MEGABYTE = 1024 * 1024;

let answer: Answer = answerWell;
let started: Awaited<ReturnType<typeof startWithMember>>;
beforeAll(async () => {
  started = await startWithMember({ answer: (request, response) => answer(request, response) });
});
afterAll(() => started.stop());

describe('a client that leaves', () => {
  test('before the headers: the provider is cut off, the prompt is charged by estimate', async () => {
    const { remit, member, upstream } = started;
    let isCut = false;
    answer = (_, response) => response.on('close', () => (isCut = true));
    const before = upstream.received.length;
    await sendAndLeave({ url: remit.url, key: member.key, body: bodyOf({ stream: true }) }, async () => {
      await waitFor('the request', () => upstream.received.length > before);
    });
    await waitFor('the cut', () => isCut);
    // The row is on its way to the disk when the request has ended.
    const recorded = await waitFor('the row', async () => {
      const [newest] = await remit.decisions();
      return newest?.outcome !== 'open' && newest;
    });
    expect(recorded).toMatchObject({
      outcome: 'client_left',
      status: null,
      usage: { output_tokens: 0 },
      cost: { estimated: true, priced: true },
      latency: { first_byte_ms: null },
    });
    expect(recorded.usage?.input_tokens).toBeGreaterThan(0);
    expect(upstream.received.length).toBe(before + 1);
  });

  test('in mid-stream: the provider is cut off at once, what was produced is charged by estimate', async () => {
    const { remit, member } = started;
    let isCut = false;
    answer = (_, response) => {
      beginStream(response);
      response.on('close', () => (isCut = true));
    };
    const begun = await begin({ url: remit.url, key: member.key, body: bodyOf({ stream: true }) });
    await begun.until('goes on for a while');
    begun.leave();
    await waitFor('the cut', () => isCut, 1000);
    expect(await remit.decision(begun.requestId)).toMatchObject({
      outcome: 'client_left',
      status: 200,
      // The provider's own count of the prompt; four bytes of text to the token for the rest.
      usage: {
        input_tokens: 21,
        cache_read_input_tokens: 400,
        output_tokens: expect.toSatisfy((n) => n >= 5 && n < 60),
      },
      cost: { estimated: true },
    });
    expect(await remit.running()).toBe(0);
  });

  test('after the last byte has not left: its answer is complete', async () => {
    const { remit, member } = started;
    answer = answerWell;
    const begun = await begin({ url: remit.url, key: member.key, body: bodyOf({ stream: true }) });
    await begun.whole;
    begun.leave();
    expect(await remit.decision(begun.requestId)).toMatchObject({ outcome: 'completed', cost: { estimated: false } });
  });
});

test('one client that leaves does not disturb the others', async () => {
  const { remit, member } = started;
  const haveLeft = Promise.withResolvers<void>();
  answer = async (_, response) => {
    response.writeHead(200, STREAM_HEADERS);
    response.write(START);
    await haveLeft.promise;
    for (let i = 0; i < 10; i++) {
      response.write(textDelta(`part ${i}. `));
      await sleep(10);
    }
    response.end(END);
  };
  const sent = { url: remit.url, key: member.key, body: bodyOf({ stream: true }) };
  const all = await Promise.all(Array.from({ length: 20 }, () => begin(sent)));
  for (const [index, begun] of all.entries()) if (index % 2 === 0) begun.leave();
  haveLeft.resolve();
  for (const [index, begun] of all.entries()) {
    if (index % 2 === 0) continue;
    expect((await begun.whole).text).toContain('part 9');
    expect(await remit.decision(begun.requestId)).toMatchObject({ outcome: 'completed', cost: { estimated: false } });
  }
  for (const begun of all.filter((_, index) => index % 2 === 0))
    expect(await remit.decision(begun.requestId)).toMatchObject({ outcome: 'client_left' });
});

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

test('a client that reads nothing of 200 MB holds the provider back, and memory stays flat', async () => {
  const CHUNK = textDelta('x'.repeat(64 * 1024 - 120));
  let writtenBytes = 0;
  let isDone = false;
  const upstream = await startUpstream((_, response) => {
    response.writeHead(200, STREAM_HEADERS);
    response.write(START);
    const write = (): void => {
      while (writtenBytes < 200 * MEGABYTE) {
        writtenBytes += CHUNK.length;
        if (!response.write(CHUNK)) {
          response.once('drain', write);
          return;
        }
      }
      if (!isDone) response.end(END);
      isDone = true;
    };
    write();
  });
  const remit = await startRemitProcess({ upstreamUrl: upstream.url });
  onTestFinished(remit.stop);
  await remit.allowAll();
  const { key } = await remit.newMember();
  const slow = await begin({ url: remit.url, key, body: bodyOf({ stream: true }) });
  slow.pause();
  const before = residentBytes(remit.pid);
  await sleep(1500);
  const held = writtenBytes;
  expect(held).toBeLessThan(40 * MEGABYTE);
  expect(residentBytes(remit.pid) - before).toBeLessThan(40 * MEGABYTE);
  await sleep(300);
  expect(writtenBytes).toBe(held);

  const reading = slow.readAll();
  const received = await reading;
  expect(isDone).toBe(true);
  expect(received.bytes).toBe(START.length + writtenBytes + END.length);
  expect(residentBytes(remit.pid) - before).toBeLessThan(120 * MEGABYTE);
  expect(await remit.decision(slow.requestId)).toMatchObject({ outcome: 'completed', cost: { estimated: false } });
  expect((await send({ url: remit.url, path: '/v1/models', method: 'GET', key })).status).toBe(200);
});
