import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { begin, connectTo, send } from '../support/http.ts';
import { bodyOf, END, START, STREAM_HEADERS, textDelta } from '../support/messages.ts';
import { ENGINES, type Member, type Remit, startRemit } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Requests that share connections, a process and a database stay apart, and every one of them ends on record. */

const isStream = (body: Buffer) => body.includes('"stream":true');
const echoOf = (body: Buffer) => /"content":"(echo-\d+)"/.exec(body.toString())?.[1] ?? 'none';

/** Answers with what it was asked, after a while, in pieces. */
const startEcho = () =>
  openUpstreamServer(async ({ body }, response) => {
    const echo = echoOf(body);
    await sleep(Math.random() * 20);
    if (!isStream(body)) {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ echo, usage: { input_tokens: 1, output_tokens: 1 } }));
      return;
    }
    response.writeHead(200, STREAM_HEADERS);
    response.write(START);
    for (let i = 0; i < 8 && !response.destroyed; i++) {
      response.write(textDelta(`${echo} part ${i}`));
      await sleep(Math.random() * 10);
    }
    response.end(END);
  });

let upstream: TestUpstream;
let remit: Remit;
let member: Member;
const postgres = ENGINES[1];
beforeAll(async () => {
  await postgres?.start();
  upstream = await startEcho();
  remit = await startRemit({ upstreamUrl: upstream.url });
  await remit.allowAll();
  member = await remit.newMember();
});
afterAll(async () => {
  await remit.stop();
  await upstream.close();
  await postgres?.stop();
});

const bodyFor = (index: number, stream: boolean) =>
  bodyOf({ stream, messages: [{ role: 'user', content: `echo-${index}` }] });

test('a hundred requests that take turns on eight kept connections each get their own answer', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const received = await send({ url: remit.url, key: member.key, agent, body: bodyFor(index, index % 2 === 0) });
      return { index, received };
    }),
  );
  agent.destroy();
  const ids = new Set(answers.map(({ received }) => received.headers['request-id']));
  expect(ids.size).toBe(100);
  for (const { index, received } of answers) {
    const echoes = new Set(received.text.match(/echo-\d+/g));
    expect([...echoes]).toEqual([`echo-${index}`]);
    expect(received.isCut).toBe(false);
  }
  for (const id of ids) expect(await remit.decision(String(id))).toMatchObject({ outcome: 'completed' });
});

test('twenty requests written at once on one connection are answered in their order', async () => {
  const socket = connectTo(remit.url);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  const requests = Array.from({ length: 20 }, (_, index) => {
    const body = bodyFor(index, index % 3 === 0);
    return `POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: ${member.key}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  });
  socket.write(requests.join(''));
  await waitFor('the last answer', () => text.includes('echo-19'));
  const seen = [...text.matchAll(/echo-(\d+)/g)].map(([, index]) => Number(index));
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(new Set(seen).size).toBe(20);
  socket.destroy();
});

const abortHalf = async (target: Remit, { key }: Member) => {
  const ids: { readonly id: string; readonly left: boolean }[] = [];
  await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const begun = await begin({ url: target.url, key, body: bodyFor(index, true) });
      const left = index % 2 === 0;
      ids.push({ id: begun.requestId, left });
      if (left) {
        await sleep(Math.random() * 60);
        begun.leave();
      } else expect((await begun.whole).text).toContain(`echo-${index} part 7`);
    }),
  );
  await waitFor('the last to end', async () => (await target.running()) === 0);
  // The last rows are on their way to the disk when nothing runs any more.
  const all = await waitFor('the last rows', async () => {
    const decisions = await target.decisions();
    return decisions.every(({ outcome }) => outcome !== 'open') && decisions;
  });
  const recorded = new Map(all.map((one) => [one.id, one]));
  for (const { id, left } of ids) {
    const { outcome } = recorded.get(id) ?? (await target.decision(id));
    if (left) expect(['client_left', 'completed']).toContain(outcome);
    else expect(outcome).toBe('completed');
  }
  return ids;
};

test('two hundred streams, half of them left at random moments: every row is closed and nothing runs on', async () => {
  await abortHalf(remit, member);
  await waitFor('the provider to be let go', () => upstream.connections.size < 200);
});

test('the same on PostgreSQL', async () => {
  const databaseUrl = await postgres?.databaseUrl();
  const other = await startRemit({ upstreamUrl: upstream.url, databaseUrl });
  await other.allowAll();
  await abortHalf(other, await other.newMember());
  await other.stop();
});
