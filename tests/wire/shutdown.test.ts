import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { begin, connectTo, errorOf, send } from '../support/http.ts';
import { answerWell, beginStream, bodyOf, END, RECORDED_USAGE, STREAM } from '../support/messages.ts';
import { startRemit, startRemitProcess } from '../support/remit.ts';
import { startUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Stopping loses nothing: what runs may finish, what comes is told to come again, what is cut is accounted for. */

const startStreaming = async (env: Readonly<Record<string, string>> = {}) => {
  let finish = () => {};
  const upstream = await startUpstream((_, response) => {
    beginStream(response);
    finish = () => void response.end(END);
  });
  const folder = mkdtempSync(join(tmpdir(), 'remit-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const remit = await startRemitProcess({ upstreamUrl: upstream.url, env, folder });
  await remit.allowAll();
  const { key } = await remit.newMember();
  return { upstream, remit, key, finish: () => finish() };
};

/** What the next start on the same data finds of a request. */
const findAfterRestart = async (folder: string, requestId: string) => {
  const again = await startRemitProcess({ folder });
  const recorded = await again.decision(requestId);
  await again.stop();
  return recorded;
};

test('a running stream finishes, a request behind it on its connection is told to come again, and the process ends by itself', async () => {
  const { remit, key, finish } = await startStreaming();
  const socket = connectTo(remit.url);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  const body = bodyOf({ stream: true });
  const request = `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  socket.write(request);
  await waitFor('the stream', () => text.includes('goes on'));
  process.kill(remit.pid, 'SIGTERM');
  await sleep(200);
  socket.write(request);
  await sleep(100);
  expect(text).not.toContain('message_stop');
  finish();
  await waitFor('both answers', () => text.includes('overloaded_error'));
  expect(text).toContain('message_stop');
  expect(text).toMatch(/HTTP\/1\.1 503 [\s\S]*retry-after: 1/);
  const id = /request-id: (\S+)/.exec(text)?.[1] ?? '';
  await remit.stop();
  const recorded = await findAfterRestart(remit.folder, id);
  expect(recorded).toMatchObject({ outcome: 'completed', usage: RECORDED_USAGE, cost: { estimated: false } });
});

test('a stream that outlasts the grace period ends with an error event and is charged by estimate', async () => {
  const { remit, key } = await startStreaming({ REMIT_SHUTDOWN_GRACE_SECONDS: '1' });
  const begun = await begin({ url: remit.url, key, body: bodyOf({ stream: true }) });
  await begun.until('goes on');
  const stopping = remit.stop();
  const received = await begun.whole;
  expect(received.isCut).toBe(false);
  const last = received.text.trimEnd().split('\n\n').at(-1) ?? '';
  expect(errorOf({ text: last.replace('event: error\ndata: ', '') })).toMatchObject({ type: 'overloaded_error' });
  await stopping;
  expect(await findAfterRestart(remit.folder, begun.requestId)).toMatchObject({
    outcome: 'interrupted',
    cost: { estimated: true },
  });
});

test('a crash in mid-stream leaves a row that the next start closes with an estimate', async () => {
  const { remit, key } = await startStreaming();
  const begun = await begin({ url: remit.url, key, body: bodyOf({ stream: true }) });
  await begun.until('goes on');
  await remit.kill();
  expect((await begun.whole).isCut).toBe(true);
  expect(await findAfterRestart(remit.folder, begun.requestId)).toMatchObject({
    outcome: 'interrupted',
    status: null,
    cost: { estimated: true },
  });
});

test('idle connections do not hold up the stop', async () => {
  const upstream = await startUpstream(answerWell);
  const remit = await startRemit({ upstreamUrl: upstream.url });
  await remit.allowAll();
  const { key } = await remit.newMember();
  const agent = new Agent({ keepAlive: true });
  expect(await send({ url: remit.url, key, agent, body: bodyOf({ stream: true }) })).toMatchObject({ text: STREAM });
  const startedAt = performance.now();
  await remit.stop();
  expect(performance.now() - startedAt).toBeLessThan(2000);
  await expect(send({ url: remit.url, key, agent, body: bodyOf() })).rejects.toThrow();
  agent.destroy();
});
