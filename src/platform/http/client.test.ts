import { expect, it } from 'vitest';
import { z } from 'zod';
import { ApiError, createClient } from './client.ts';
import { endpoint } from './endpoint.ts';
import { listOf, pageLimit } from './query.ts';

const list = endpoint({
  method: 'GET',
  path: '/v1/groups/:group_id/things',
  permission: 'public',
  summary: 'List things',
  query: z.object({ roles: listOf(z.string()), limit: pageLimit, page: z.string().optional() }),
  reply: z.object({ data: z.array(z.string()) }),
});
const rename = endpoint({
  method: 'POST',
  path: '/v1/things/:thing_id',
  permission: 'public',
  summary: 'Rename a thing',
  records: [],
  body: z.strictObject({ name: z.string() }),
  reply: z.object({ name: z.string() }),
});

/** A client whose requests are kept and answered with one response. */
const answered = (status: number, body: string, headers: Record<string, string> = {}) => {
  const sent: { url: string; init: RequestInit }[] = [];
  const call = createClient({
    baseUrl: 'https://remit.test',
    headers: { 'x-api-key': 'key' },
    fetch: async (url, init = {}) => {
      sent.push({ url: String(url), init });
      return new Response(body, { status, headers });
    },
  });
  return { call, sent };
};

it('writes paths and queries as the server reads them: escaped, lists with brackets, nothing for what is not given', async () => {
  const { call, sent } = answered(200, '{"data":["a"]}');
  const query = { roles: ['a b', 'c&d'], limit: 5, page: undefined };
  expect(await call(list, { params: { group_id: 'a/b?c' }, query })).toEqual({ data: ['a'] });
  await call(list, { params: { group_id: 'g' } });
  expect(sent.map(({ url }) => url)).toEqual([
    'https://remit.test/v1/groups/a%2Fb%3Fc/things?roles%5B%5D=a+b&roles%5B%5D=c%26d&limit=5',
    'https://remit.test/v1/groups/g/things',
  ]);
  expect(sent[0]?.init).toMatchObject({ method: 'GET', headers: { 'x-api-key': 'key' } });
  expect(sent[0]?.init.body).toBeUndefined();
});

it('sends a body as JSON and says so', async () => {
  const { call, sent } = answered(200, '{"name":"n"}');
  await call(rename, { params: { thing_id: 't' }, body: { name: 'n' } });
  expect(sent[0]?.init).toMatchObject({ body: '{"name":"n"}', headers: { 'content-type': 'application/json' } });
});

it('throws what an error says, in fields', async () => {
  const body = JSON.stringify({
    type: 'error',
    error: { type: 'conflict_error', message: 'Taken.', details: { error_code: 'taken' } },
    request_id: 'req_1',
  });
  const { call } = answered(409, body, { 'request-id': 'req_1' });
  const error = await call(list, { params: { group_id: 'g' } }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 409,
    type: 'conflict_error',
    message: 'Taken.',
    details: { error_code: 'taken' },
    requestId: 'req_1',
  });
});

it.each(['<html>Bad gateway</html>', '', 'null', '[]', '"text"', '{"error":"text"}'])(
  'throws a readable error also when a proxy answers with %j',
  async (body) => {
    const { call } = answered(502, body);
    const error = await call(list, { params: { group_id: 'g' } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ApiError', status: 502, type: 'api_error', requestId: null });
    expect(String(error)).toContain('502');
  },
);

it('does not compile where path, query or body are not those of the endpoint', () => {
  const { call } = answered(200, '{}');
  const mistakes = () => [
    // @ts-expect-error the parameter has another name
    call(list, { params: { id: 'g' } }),
    // @ts-expect-error the limit is a number
    call(list, { params: { group_id: 'g' }, query: { limit: 'all' } }),
    // @ts-expect-error the endpoint takes a body
    call(rename, { params: { thing_id: 't' } }),
    // @ts-expect-error the body has another shape
    call(rename, { params: { thing_id: 't' }, body: { title: 'n' } }),
    // @ts-expect-error the endpoint takes no body
    call(list, { params: { group_id: 'g' }, body: {} }),
  ];
  expect(mistakes).toBeTypeOf('function');
});
