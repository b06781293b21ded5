import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Actor, Refusal, type RefusalCode } from '../../kernel/index.ts';
import { createLog } from '../log.ts';
import { type AnyEndpoint, endpoint } from './endpoint.ts';
import { listOf, pageLimit } from './query.ts';
import { createRouter, type Handled, type Route, route } from './router.ts';

const ANYBODY: Actor = { kind: 'anonymous' };

const things = endpoint({
  method: 'POST',
  path: '/v1/things/:thing_id',
  permission: 'public',
  summary: 'Change a thing',
  records: [],
  query: z.object({ roles: listOf(z.enum(['a', 'b'])), limit: pageLimit, search: z.string().optional() }),
  body: z.strictObject({
    name: z.string().min(1),
    size: z.number().optional(),
    parts: z.array(z.object({ id: z.string() })).optional(),
    marks: z.record(z.string(), z.number()).optional(),
  }),
  reply: z.object({ id: z.string(), parts: z.array(z.object({ id: z.string() })) }),
});

type Sent = {
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | ReadableStream<Uint8Array>;
  readonly headers?: Record<string, string>;
};

/** An application with one endpoint; `handled` holds what reached it, `lines` what was logged. */
const open = (handle: (handled: Handled<typeof things>) => Promise<unknown>, actor: Actor = ANYBODY) => {
  const lines: Record<string, unknown>[] = [];
  const handled: Handled<typeof things>[] = [];
  let requests = 0;
  const bound: Route = {
    endpoint: things,
    handle: (given) => {
      handled.push(given);
      return handle(given);
    },
  };
  const app = createRouter({
    routes: [bound],
    authenticate: async () => actor,
    newRequestId: () => `req_${++requests}`,
    log: createLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) }),
  });
  const send = async (sent: Sent = {}) => {
    const { path = '/v1/things/t%201', query = '', body = '{"name":"x"}', headers = {} } = sent;
    const init: RequestInit & { duplex?: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
    const response = await app.request(`https://remit.test${path}${query}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) };
  };
  return { app, send, lines, handled };
};

const fine = async () => ({ id: 't', parts: [] });

describe('a request', () => {
  it('reaches the handler with its parameters decoded, its lists as lists and its defaults filled in', async () => {
    const { send, handled } = open(fine);
    await send({ query: '?roles[]=a&roles[]=b&limit=5' });
    await send({ query: '?roles=b' });
    await send({ query: '?roles=a&roles=b&unknown=1' });
    await send();
    expect(handled[0]?.params).toEqual({ thing_id: 't 1' });
    expect(handled.map(({ query }) => query)).toEqual([
      { roles: ['a', 'b'], limit: 5 },
      { roles: ['b'], limit: 20 },
      { roles: ['a', 'b'], limit: 20 },
      { roles: [], limit: 20 },
    ]);
  });

  it.each<readonly [string, Sent, string]>([
    ['an empty name', { body: '{"name":""}' }, 'name'],
    ['no name', { body: '{}' }, 'name'],
    ['no body', { body: '' }, 'name'],
    ['a wrong type', { body: '{"name":"x","size":"big"}' }, 'size'],
    ['a wrong part', { body: '{"name":"x","parts":[{"id":"a"},{"id":1}]}' }, 'parts.1.id'],
    ['a field that is not there', { body: '{"name":"x","nmae":"y"}' }, 'nmae'],
    ['a value that is not offered', { query: '?roles[]=c' }, 'roles.0'],
    ['a limit that is no number', { query: '?limit=many' }, 'limit'],
    ['a limit given twice', { query: '?limit=1&limit=2' }, 'limit'],
    ['a limit of nothing', { query: '?limit=0' }, 'limit'],
    ['a limit above the largest', { query: '?limit=1001' }, 'limit'],
    ['half of a JSON text', { body: '{"name":' }, 'not valid JSON'],
    ['a JSON text that is no object', { body: '[1]' }, 'body'],
    // PostgreSQL cannot store the first, and half a pair comes back as another character.
    ['a NUL character in a text', { body: '{"name":"a\\u0000"}' }, 'name: Leave out NUL'],
    ['half of a surrogate pair', { body: '{"name":"x","parts":[{"id":"\\ud83d"}]}' }, 'parts.0.id: Leave out'],
    ['a NUL character in a name', { body: '{"name":"x","marks":{"a\\u0000":1}}' }, 'marks.a name: Leave out'],
    ['a NUL character in a parameter', { query: '?search=%00' }, 'search: Leave out NUL'],
    ['a NUL character in its path', { path: '/v1/things/a%00' }, 'thing_id: Leave out NUL'],
  ])('with %s is refused by name, before the handler', async (_, sent, words) => {
    const { send, handled } = open(fine);
    const got = await send(sent);
    expect(got).toMatchObject({ status: 400, body: { type: 'error', error: { type: 'invalid_request_error' } } });
    expect(got.body.error.message).toContain(words);
    expect(handled).toEqual([]);
  });

  it('is read as UTF-8 with or without a byte order mark', async () => {
    const { send, handled } = open(fine);
    await send({ body: '\uFEFF{"name":"Östen 🎈"}' });
    expect(handled[0]?.body).toEqual({ name: 'Östen 🎈' });
  });

  it('is read no further than it may be large, whether or not it says how large it is', async () => {
    const { send, handled } = open(fine);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(64 * 1024).fill(32));
      },
    });
    expect(await send({ body: endless })).toMatchObject({
      status: 413,
      body: { error: { type: 'request_too_large' } },
    });
    expect(pulled).toBeLessThan(80);
    expect((await send({ headers: { 'content-length': '99999999' } })).status).toBe(413);
    expect((await send({ body: `{"name":"${'ö'.repeat(2.2 * 1024 * 1024)}"}` })).status).toBe(413);
    expect(handled).toEqual([]);
  });
});

describe('a reply', () => {
  it('leaves out what its schema does not name, so that a secret column cannot leak', async () => {
    const { send } = open(async () => ({
      id: 't',
      secret_hash: 'hunter2',
      parts: [{ id: 'p', key: 'hunter3' }],
    }));
    const got = await send();
    expect(got.body).toEqual({ id: 't', parts: [{ id: 'p' }] });
    expect(got.text).not.toContain('hunter');
  });

  it('that does not fit its schema is a bug: 500 without a word of it', async () => {
    const { send, lines } = open(async () => ({ id: 1, parts: 'hunter2' }));
    const got = await send();
    expect(got.status).toBe(500);
    expect(got.text).not.toMatch(/hunter2|expected|parts/);
    expect(lines.some(({ level }) => level === 50)).toBe(true);
  });

  it('carries its request id, is not cached, and brings the headers the handler adds', async () => {
    const { send } = open(async ({ replyHeaders }) => {
      replyHeaders.append('set-cookie', 'a=1');
      return fine();
    });
    const { headers } = await send();
    expect([headers.get('request-id'), headers.get('cache-control'), headers.get('set-cookie')]).toEqual([
      'req_1',
      'no-store',
      'a=1',
    ]);
  });
});

describe('what a handler throws', () => {
  const failing = (thrown: unknown) =>
    open(async () => {
      throw thrown;
    });

  it.each([new Error('the password is hunter2'), 'hunter2', null, { message: 'hunter2' }])(
    'unplanned (%s) is a 500 that says nothing of it, logged whole under the request id',
    async (thrown) => {
      const { send, lines } = failing(thrown);
      const got = await send();
      expect(got.status).toBe(500);
      expect(got.text).not.toContain('hunter2');
      expect(got.body).toMatchObject({ type: 'error', error: { type: 'api_error' }, request_id: 'req_1' });
      expect(got.headers.get('request-id')).toBe('req_1');
      const logged = lines.find(({ level }) => level === 50);
      expect(logged?.requestId).toBe('req_1');
      if (thrown !== null) expect(JSON.stringify(logged)).toContain('hunter2');
    },
  );

  it('planned is answered in its own words and details, while its internal half is only logged', async () => {
    const refusal = new Refusal('conflict', 'Taken already.', {
      details: { error_code: 'taken', by: 'b' },
      internal: new Error('row 7'),
    });
    const { send, lines } = failing(refusal);
    const got = await send();
    expect(got).toMatchObject({
      status: 409,
      body: {
        type: 'error',
        error: { type: 'conflict_error', message: 'Taken already.', details: { error_code: 'taken', by: 'b' } },
        request_id: 'req_1',
      },
    });
    expect(got.text).not.toContain('row 7');
    expect(JSON.stringify(lines)).toContain('row 7');
  });

  it.each<readonly [RefusalCode, number, string]>([
    ['invalid_request', 400, 'invalid_request_error'],
    ['unauthenticated', 401, 'authentication_error'],
    ['credential_revoked', 401, 'authentication_error'],
    ['permission_denied', 403, 'permission_error'],
    ['model_not_permitted', 403, 'permission_error'],
    ['effort_not_permitted', 403, 'permission_error'],
    ['not_found', 404, 'not_found_error'],
    ['conflict', 409, 'conflict_error'],
    ['too_large', 413, 'request_too_large'],
    ['upstream_unreachable', 502, 'api_error'],
    ['upstream_credential_rejected', 502, 'api_error'],
    ['upstream_redirected', 502, 'api_error'],
    ['store_unavailable', 503, 'api_error'],
    ['shutting_down', 503, 'overloaded_error'],
    ['upstream_timeout', 504, 'timeout_error'],
  ])('as %s is answered with %i %s', async (code, status, type) => {
    const got = await failing(new Refusal(code, 'No.')).send();
    expect(got).toMatchObject({ status, body: { error: { type, message: 'No.' } } });
    expect(got.body.error).not.toHaveProperty('details');
  });
});

it('answers what is mounted beside the endpoints and fails in the same envelope, and logs it', async () => {
  const { app, lines } = open(fine);
  app.get('/beside', () => {
    throw new Error('row 7');
  });
  app.post('/beside', () => {
    throw new Refusal('too_large', 'That is too much.');
  });
  const failed = await app.request('https://remit.test/beside');
  expect(failed.status).toBe(500);
  expect(await failed.json()).toMatchObject({ type: 'error', error: { type: 'api_error' }, request_id: 'req_1' });
  expect(JSON.stringify(lines)).toContain('row 7');
  const refused = await app.request('https://remit.test/beside', { method: 'POST' });
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({ error: { message: 'That is too much.' } });
});

describe('an address', () => {
  it.each(['GET /v1/things/t', 'GET /v1/nothing', 'DELETE /', 'PUT /v1/things/t'])(
    'that is none (%s) is answered 404 in the envelope of every error',
    async (line) => {
      const [method = '', path = ''] = line.split(' ');
      const response = await open(fine).app.request(`https://remit.test${path}`, { method });
      expect(response.status).toBe(404);
      expect(response.headers.get('request-id')).toBe('req_1');
      expect(await response.json()).toEqual({
        type: 'error',
        error: { type: 'not_found_error', message: `There is no ${line} here.` },
        request_id: 'req_1',
      });
    },
  );
});

it('refuses before it reads: who may not ask gets no word about what is wrong with the question', async () => {
  const guarded: AnyEndpoint = { ...things, permission: 'identity:manage' };
  const app = createRouter({
    routes: [route(guarded, fine)],
    authenticate: async () => ANYBODY,
    newRequestId: () => 'req_1',
    log: createLog('silent'),
  });
  const response = await app.request('https://remit.test/v1/things/t', { method: 'POST', body: 'nonsense' });
  expect(response.status).toBe(401);
});
