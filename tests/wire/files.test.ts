import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import Anthropic, { APIError, toFile } from '@anthropic-ai/sdk';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type ReceivedRequest,
  type SimulatedUpstream,
  startSimulatedUpstream,
} from '../../src/gateway/simulated-upstream/index.ts';
import { begin, send } from '../support/http.ts';
import { bodyOf, MODEL } from '../support/messages.ts';
import { access, directory, type Member, type Remit, startRemit } from '../support/remit.ts';
import { openUpstreamServer } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** Files through Remit with the official client. */

const MEGABYTE = 1024 * 1024;
const OLD_LIST = { 'anthropic-beta': 'files-api-2025-04-14' };

let received: ReceivedRequest[] = [];
let simulated: SimulatedUpstream;
let remit: Remit;
beforeAll(async () => {
  simulated = await startSimulatedUpstream({ onRequest: (request) => received.push(request) });
  remit = await startRemit({ upstreamUrl: simulated.url, env: { REMIT_FILE_MEGABYTES_MAX: '24' } });
});
afterAll(async () => {
  await remit.stop();
  await simulated.close();
});
afterEach(() => {
  received = [];
});

const clientOf = (key: string, url = remit.url) => new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
const textFile = (name: string, text = name) => toFile(Buffer.from(text), name, { type: 'text/plain' });

/** A member whose key is known to the gateway already. */
const newMember = async (at: Remit = remit): Promise<Member> => {
  const member = await at.newMember();
  await waitFor('the key to be known', async () => {
    const { status } = await send({ url: at.url, method: 'GET', path: '/v1/models', key: member.key });
    return status === 200;
  });
  return member;
};

const errorOf = async (promise: Promise<unknown>): Promise<APIError> => {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof APIError)) throw new Error(`not an API error: ${String(thrown)}`);
  return thrown;
};

test('20 MB go up and come down byte for byte', async () => {
  const { key } = await newMember();
  const { files } = clientOf(key);
  const bytes = randomBytes(20 * MEGABYTE);
  const file = await files.upload({ file: await toFile(bytes, 'noise.bin', { type: 'application/octet-stream' }) });
  expect(file).toMatchObject({ type: 'file', filename: 'noise.bin', size_bytes: bytes.length });
  expect(await files.retrieveMetadata(file.id)).toEqual(file);
  const down = Buffer.from(await (await files.download(file.id)).arrayBuffer());
  expect(down.equals(bytes)).toBe(true);
  expect(await files.delete(file.id)).toMatchObject({ id: file.id, type: 'file_deleted' });
  expect(await errorOf(files.retrieveMetadata(file.id))).toMatchObject({ status: 404 });
});

test("another member's key finds nothing, and the provider is not even asked", async () => {
  const [mine, theirs] = [await newMember(), await newMember()];
  const file = await clientOf(mine.key).files.upload({ file: await textFile('mine.txt') });
  received = [];
  const { files } = clientOf(theirs.key);
  for (const attempt of ['retrieveMetadata', 'download', 'delete'] as const)
    expect(await errorOf(files[attempt](file.id))).toMatchObject({ status: 404, type: 'not_found_error' });
  expect((await files.list()).data).toEqual([]);
  expect((await files.list({ ids: [file.id] })).data).toEqual([]);
  expect(received).toEqual([]);
});

describe('a file in a request', () => {
  const naming = (id: string, nest = (block: object): object => block) =>
    bodyOf({
      messages: [
        {
          role: 'user',
          content: [nest({ type: 'document', source: { type: 'file', file_id: id } }), { type: 'text', text: 'Read' }],
        },
      ],
    });
  const ask = (key: string, body: string, path = '/v1/messages') => send({ url: remit.url, path, key, body });
  const inResult = (block: object) => ({ type: 'tool_result', tool_use_id: 't', content: [block] });

  test('is its owner’s: others are told that it is not there, on record, and the provider is not asked', async () => {
    const [mine, theirs] = [await newMember(), await newMember()];
    const { id } = await clientOf(mine.key).files.upload({ file: await textFile('mine.txt') });
    received = [];
    for (const [body, path] of [
      [naming(id), '/v1/messages'],
      [naming(id, inResult), '/v1/messages'],
      [naming(id), '/v1/messages/count_tokens'],
    ] as const) {
      const refused = await ask(theirs.key, body, path);
      expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
        404,
        {
          error: {
            type: 'not_found_error',
            message: expect.stringContaining(`There is no file with the id ${id} among yours.`),
          },
        },
      ]);
      expect(await remit.decision(String(refused.headers['request-id']))).toMatchObject({
        effect: 'deny',
        reason: 'file-of-somebody-else',
        outcome: 'refused',
        model: { asked: MODEL, used: null },
      });
    }
    expect(received).toEqual([]);
    expect((await ask(mine.key, naming(id))).status).toBe(200);
    expect(received).toHaveLength(1);
    expect(received[0]?.body.toString()).toContain(id);
  });

  test('that nobody uploaded through here is for the provider to judge', async () => {
    const { key } = await newMember();
    received = [];
    await ask(key, naming('file_from_elsewhere'));
    expect(received).toHaveLength(1);
  });

  test('of somebody else refuses the whole batch, and says which entry', async () => {
    const [mine, theirs] = [await newMember(), await newMember()];
    const { id } = await clientOf(mine.key).files.upload({ file: await textFile('mine.txt') });
    received = [];
    const requests = [
      { custom_id: 'fine', params: JSON.parse(bodyOf()) },
      { custom_id: 'foreign', params: JSON.parse(naming(id)) },
    ];
    const refused = await ask(theirs.key, JSON.stringify({ requests }), '/v1/messages/batches');
    expect([refused.status, JSON.parse(refused.text)]).toMatchObject([
      404,
      { error: { details: { error_code: 'file-of-somebody-else', custom_ids: ['foreign'] } } },
    ]);
    expect(received).toEqual([]);
    expect((await ask(mine.key, JSON.stringify({ requests }), '/v1/messages/batches')).status).toBe(200);
  });
});

test('the list goes on by cursor, or by ids with the older beta, and takes a choice of ids', async () => {
  const { key } = await newMember();
  const { files } = clientOf(key);
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c', 'd', 'e']) ids.unshift((await files.upload({ file: await textFile(name) })).id);
  const listed: string[] = [];
  for await (const { id } of files.list({ limit: 2 })) listed.push(id);
  expect(listed).toEqual(ids);
  const chosen = await files.list({ ids: [ids[1] ?? '', ids[4] ?? '', 'file_unknown'] });
  expect(chosen.data.map(({ id }) => id)).toEqual([ids[1], ids[4]]);
  const get = async (path: string, headers = {}) => {
    const answer = await send({ url: remit.url, method: 'GET', path, key, headers });
    return { status: answer.status, ...JSON.parse(answer.text) };
  };
  expect(await get('/v1/files?limit=5')).toMatchObject({ status: 200, next_page: null });
  expect(await get('/v1/files?page=page_nonsense')).toMatchObject({ status: 400 });
  const old = await get(`/v1/files?limit=2&after_id=${ids[1]}`, OLD_LIST);
  expect(old).toMatchObject({ has_more: true, first_id: ids[2], last_id: ids[3] });
});

describe('an upload', () => {
  const boundary = 'limit';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="x"\r\n\r\n`;
  const upload = (key: string, bytes: number, headers = {}) =>
    send({
      url: remit.url,
      path: '/v1/files',
      key,
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers },
      body: Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 'x'), Buffer.from(`\r\n--${boundary}--\r\n`)]),
    });

  test('that announces more than the limit is a 413 at once', async () => {
    const { key } = await newMember();
    const answer = await upload(key, 24 * MEGABYTE);
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ error: { type: 'request_too_large' } });
    expect(received).toEqual([]);
  });

  test('that turns out larger than the limit is a 413, and no file', async () => {
    const { key } = await newMember();
    const answer = await upload(key, 25 * MEGABYTE, { 'transfer-encoding': 'chunked' });
    expect(answer.status).toBe(413);
    expect((await clientOf(key).files.list()).data).toEqual([]);
  });

  test('of a client that leaves halfway reaches its end nowhere', async () => {
    const { key } = await newMember();
    const { hostname, port } = new URL(remit.url);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.write(
      `POST /v1/files HTTP/1.1\r\nhost: x\r\nx-api-key: ${key}\r\ncontent-type: multipart/form-data; boundary=${boundary}\r\ncontent-length: 5000000\r\n\r\n${head}begin`,
    );
    await waitFor('the upload to begin', async () => (await remit.running()) === 1);
    socket.destroy();
    await waitFor('the upload to end', async () => (await remit.running()) === 0);
    expect(received).toEqual([]);
  });

  test('that no role grants is refused, on record and before its bytes are read', async () => {
    const member = await remit.newMember({ role: 'managed' });
    const role_id = await remit.newRole({});
    await remit.call(directory.attachUserRole, { params: { user_id: member.id }, body: { role_id } });
    await remit.callNow(access.setRoleCapabilities, {
      params: { role_id },
      body: { access: 'selected', capabilities: { chat: true, file_upload: false } },
    });
    const answer = await upload(member.key, 1000);
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([403, { error: { type: 'permission_error' } }]);
    expect(await remit.decision(String(answer.headers['request-id']))).toMatchObject({
      endpoint: 'files',
      effect: 'deny',
      reason: 'capability-not-granted-by-role',
      outcome: 'refused',
      model: { asked: '', used: null },
      user: { id: member.id },
      usage: null,
    });
    expect(received).toEqual([]);
  });

  test('with an unknown key is refused before its bytes are read', async () => {
    const answer = await upload('sk-remit-unknown', 1000);
    expect(answer.status).toBe(401);
    expect(received).toEqual([]);
  });
});

test('a key that is revoked cuts the download that is under way', async () => {
  let isHeld = true;
  const upstream = await openUpstreamServer(({ path, method }, response) => {
    if (method === 'POST') return void response.end(JSON.stringify({ id: 'file_held', type: 'file', filename: 'x' }));
    if (!path.endsWith('/content')) return void response.end('{}');
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '1000' });
    response.write('the beginning');
    response.on('close', () => {
      isHeld = false;
    });
  });
  const own = await startRemit({ upstreamUrl: upstream.url });
  const { key, keyId } = await newMember(own);
  await clientOf(key, own.url).files.upload({ file: await textFile('x') });
  const download = await begin({ url: own.url, method: 'GET', path: '/v1/files/file_held/content', key });
  await download.until('the beginning');
  await own.call(directory.updateApiKey, { params: { api_key_id: keyId }, body: { status: 'archived' } });
  expect(await download.whole).toMatchObject({ isCut: true });
  await waitFor('the provider to hear of it', async () => !isHeld);
  await own.stop();
  await upstream.close();
});

test('a slow reader is not read ahead of: a large download does not pile up in memory', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'y');
  let sent = 0;
  const upstream = await openUpstreamServer(({ path }, response) => {
    if (!path.endsWith('/content')) return void response.end(JSON.stringify({ id: 'file_large', type: 'file' }));
    const push = (): void => {
      while (sent < 200 * MEGABYTE) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', push);
      }
      response.end();
    };
    push();
  });
  const own = await startRemit({ upstreamUrl: upstream.url });
  const { key } = await newMember(own);
  await clientOf(key, own.url).files.upload({ file: await textFile('x') });
  const download = await begin({ url: own.url, method: 'GET', path: '/v1/files/file_large/content', key });
  download.pause();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(sent).toBeLessThan(40 * MEGABYTE);
  download.leave();
  await own.stop();
  await upstream.close();
});
