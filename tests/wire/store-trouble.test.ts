import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import type { ServerResponse } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { begin, errorOf, send, sendAndLeave } from '../support/http.ts';
import {
  answerWell,
  bodyOf,
  messageJson,
  RECORDED_USAGE,
  START,
  STREAM,
  STREAM_HEADERS,
  textDelta,
} from '../support/messages.ts';
import { startPostgres } from '../support/postgres.ts';
import { access, startRemitProcess, startWithMember } from '../support/remit.ts';
import { startRawUpstream, startUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Nothing is answered that is not written down; while nothing can be written, nothing is served. */

const startStore = async (options = {}) => {
  const started = await startWithMember(options);
  onTestFinished(started.stop);
  const { remit } = started;
  /** Keeps everybody else from writing to the database, as a backup does. */
  const holdStore = () => {
    const other = new DatabaseSync(join(remit.folder, 'remit.sqlite'), { timeout: 2000 });
    other.exec('BEGIN IMMEDIATE');
    return () => {
      other.exec('ROLLBACK');
      other.close();
    };
  };
  return { ...started, holdStore };
};

/** A disk that takes what it is given and does not say so until it is let go. */
const holdDisk = () => {
  const { fdatasync } = fs;
  const held: (() => void)[] = [];
  const install = (sync: unknown): void => {
    Object.assign(fs, { fdatasync: sync });
    syncBuiltinESMExports();
  };
  install((descriptor: number, done: fs.NoParamCallback) => held.push(() => fdatasync(descriptor, done)));
  return () => {
    install(fdatasync);
    for (const goOn of held) goOn();
  };
};

test.each([
  { form: 'a whole answer', extra: {}, wanted: messageJson() },
  { form: 'a stream', extra: { stream: true }, wanted: STREAM },
])('$form that comes before its decision is on disk waits for it, and is then whole', async ({ extra, wanted }) => {
  const { remit, member, upstream } = await startStore();
  // A kept connection to the provider, so that its answer is there in no time.
  await send({ url: remit.url, key: member.key, body: bodyOf(extra) });
  for (let i = 0; i < 3; i++) {
    const letGo = holdDisk();
    let isAnswered = false;
    const answering = begin({ url: remit.url, key: member.key, body: bodyOf(extra) }).then((begun) => {
      isAnswered = true;
      return begun;
    });
    await sleep(200);
    expect(isAnswered).toBe(false);
    expect(upstream.received.length).toBe(i + 2);
    letGo();
    const begun = await answering;
    const { text, headers, status } = await begun.whole;
    expect(status).toBe(200);
    expect(text).toBe(wanted);
    expect(headers['remit-decision']).toBe('allow');
    expect(await remit.decision(begun.requestId)).toMatchObject({ outcome: 'completed', usage: RECORDED_USAGE });
  }
});

const EARLY = START + textDelta('Good morning, nobody has read this.');

test.each([
  { form: 'a stream', headers: STREAM_HEADERS, early: Buffer.from(EARLY) },
  {
    form: 'a packed stream',
    headers: { ...STREAM_HEADERS, 'content-encoding': 'gzip' },
    early: gzipSync(EARLY, { finishFlush: constants.Z_SYNC_FLUSH }),
  },
])('what had come of $form is charged to a client that leaves before the decision is on disk', async (given) => {
  const { headers, early } = given;
  let isCut = false;
  const { remit, member, upstream } = await startStore({
    answer: (_: unknown, response: ServerResponse) => {
      response.writeHead(200, headers);
      response.write(early.subarray(0, 40));
      response.write(early.subarray(40));
      response.on('close', () => (isCut = true));
    },
  });
  const letGo = holdDisk();
  await sendAndLeave({ url: remit.url, key: member.key, body: bodyOf({ stream: true }) }, async () => {
    await waitFor('the request', () => upstream.received.length > 0);
    await sleep(200);
  });
  await waitFor('the cut', () => isCut);
  letGo();
  const recorded = await waitFor('the row', async () => {
    const [newest] = await remit.decisions();
    return newest !== undefined && newest.outcome !== 'open' && newest;
  });
  expect(recorded).toMatchObject({
    outcome: 'client_left',
    status: null,
    usage: { input_tokens: 21, cache_read_input_tokens: 400, output_tokens: expect.toSatisfy((n) => n >= 5 && n < 60) },
    cost: { estimated: true },
    latency: { first_byte_ms: null },
  });
  expect(await remit.running()).toBe(0);
});

test('an answer in one packet, a refused one and a broken one wait for the disk as well', async () => {
  const packet = (status: string, body: string) =>
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  let answer = packet('200 OK', messageJson());
  const upstream = await startRawUpstream((socket) => {
    if (answer === '') socket.destroy();
    else socket.write(answer);
  });
  const { remit, member } = await startStore({ upstreamUrl: upstream.url });
  const cases = [
    { sends: packet('200 OK', messageJson()), status: 200, outcome: 'completed', says: 'Good morning' },
    { sends: packet('400 Bad Request', '{"error":1}'), status: 400, outcome: 'failed', says: '{"error":1}' },
    { sends: packet('401 Unauthorized', '{}'), status: 502, outcome: 'failed', says: 'credential' },
    { sends: '', status: 502, outcome: 'failed', says: 'provider' },
  ];
  for (const { sends, status, outcome, says } of cases) {
    answer = sends;
    const letGo = holdDisk();
    let isAnswered = false;
    const answering = send({ url: remit.url, key: member.key, body: bodyOf() }).then((received) => {
      isAnswered = true;
      return received;
    });
    await sleep(150);
    expect(isAnswered, sends).toBe(false);
    letGo();
    const received = await answering;
    expect(received).toMatchObject({ status, text: expect.stringContaining(says) });
    expect(await remit.decision(String(received.headers['request-id']))).toMatchObject({ outcome, status });
  }
});

test('somebody else who writes to the database for a while holds up no request, and every decision is on record', async () => {
  const { remit, member, holdStore } = await startStore();
  const letGo = holdStore();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => send({ url: remit.url, key: member.key, body: bodyOf() })),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  letGo();
  for (const { headers } of answers)
    expect(await remit.decision(String(headers['request-id']))).toMatchObject({ outcome: 'completed' });
});

test('while nothing can be written, /readyz says so, and takes it back when it is over', async () => {
  const { remit, member, holdStore } = await startStore();
  const isReady = async () => (await send({ url: remit.url, path: '/readyz', method: 'GET' })).status === 200;
  const letGo = holdStore();
  expect(await isReady()).toBe(true);
  // What has to go to the tables finds nobody who lets it in.
  await send({ url: remit.url, key: member.key, body: bodyOf() });
  await waitFor('the trouble to show', async () => !(await isReady()), 15_000);
  letGo();
  await waitFor('the end of it', isReady, 15_000);
});

test('a PostgreSQL that cuts its connections again and again costs single requests, never the gateway', async () => {
  const server = await startPostgres();
  const databaseUrl = await server.createDatabase();
  const { remit, member, upstream, stop } = await startWithMember({ databaseUrl });
  const cutter = new Client({ connectionString: server.url });
  await cutter.connect();
  let isOver = false;
  const cutting = (async () => {
    while (!isOver) {
      await cutter.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'");
      await sleep(50);
    }
  })();
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      await sleep(index * 8);
      return send({ url: remit.url, key: member.key, body: bodyOf({ stream: index % 2 === 0 }) });
    }),
  );
  isOver = true;
  await cutting;
  await cutter.end();
  for (const { status, text, headers, isCut } of answers) {
    expect([200, 503]).toContain(status);
    expect(isCut).toBe(false);
    if (status === 503) expect(text).toContain('cannot record requests');
    // Whether it was served or not: it has been sent to the provider, so it is on record in the end.
    expect((await remit.decision(String(headers['request-id']))).outcome).toBe(
      status === 200 ? 'completed' : 'interrupted',
    );
  }
  expect(upstream.received.length).toBeLessThanOrEqual(100);
  expect(await remit.running()).toBe(0);
  // Changes of policy are heard of again as well.
  await remit.call(access.setModelAccess, { params: { model: 'claude-opus-5' }, body: { enabled: false } });
  expect((await send({ url: remit.url, key: member.key, body: bodyOf({ model: 'claude-opus-5' }) })).status).toBe(403);
  await stop();
  await server.stop();
});

test('a full disk refuses what comes, leaks nothing and is forgotten once there is room', async () => {
  const upstream = await startUpstream(answerWell);
  const remit = await startRemitProcess({ upstreamUrl: upstream.url });
  onTestFinished(remit.stop);
  await remit.allowAll();
  const { key } = await remit.newMember();
  const ask = (extra = {}) => send({ url: remit.url, key, body: bodyOf(extra) });
  expect((await ask()).status).toBe(200);

  // Every write of the process to a file fails from here on, as it does on a full disk.
  const limitFiles = (bytes: string) => {
    const { status, stderr } = spawnSync('prlimit', ['--pid', String(remit.pid), `--fsize=${bytes}:unlimited`], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  };
  limitFiles('1');
  const refused = await Promise.all([
    ask(),
    ask({ stream: true }),
    ask({ model: 'claude-unknown' }),
    ask({ stream: true }),
  ]);
  for (const received of refused) {
    expect(received.status).toBe(503);
    expect(errorOf(received)).toMatchObject({
      type: 'api_error',
      message: expect.stringMatching(/cannot record requests/),
    });
    expect(received.text).not.toContain('Good');
  }
  expect(await remit.running()).toBe(0);

  limitFiles('unlimited');
  const served = await ask({ stream: true });
  expect(served).toMatchObject({ status: 200, text: STREAM });
  expect(await remit.decision(String(served.headers['request-id']))).toMatchObject({ outcome: 'completed' });
  // What the provider had been asked for is accounted for after all.
  for (const { headers } of [refused[0], refused[1], refused[3]].flatMap((one) => one ?? [])) {
    const recorded = await remit.decision(String(headers['request-id']));
    expect(recorded).toMatchObject({ outcome: 'interrupted', status: 503 });
    expect(Number(recorded.cost?.amount)).toBeGreaterThan(0);
  }
});
