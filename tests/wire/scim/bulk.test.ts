import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Remit, startRemit } from '../../support/remit.ts';
import { type Json, newDirectory, type ScimClient } from '../../support/scim.ts';

/** Bulk (RFC 7644 §3.7). */

let remit: Remit;
let scim: ScimClient;
beforeAll(async () => {
  remit = await startRemit();
  scim = await newDirectory(remit);
});
afterAll(() => remit.stop());

const bulk = async (operations: readonly object[], more: object = {}): Promise<readonly Json[]> => {
  const answer = await scim.send('POST /Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    ...more,
    Operations: operations,
  });
  expect(answer.status).toBe(200);
  expect(answer.body.schemas).toEqual(['urn:ietf:params:scim:api:messages:2.0:BulkResponse']);
  return answer.body.Operations;
};

const idIn = ({ location }: Json): string => location.split('/').at(-1);

test('resolves what is made further down as well as what is made further up', async () => {
  const results = await bulk([
    { method: 'POST', path: '/Groups', bulkId: 'g', data: { displayName: 'Bulk', members: [{ value: 'bulkId:a' }] } },
    { method: 'POST', path: '/Users', bulkId: 'a', data: { userName: 'bulk-a' } },
    { method: 'post', path: '/Users', bulkId: 'b', data: { userName: 'bulk-b' } },
    {
      method: 'PATCH',
      path: '/Groups/bulkId:g',
      data: { Operations: [{ op: 'add', path: 'members', value: [{ value: 'bulkId:b' }] }] },
    },
  ]);
  expect(results.map(({ method, bulkId, status }) => [method, bulkId, status])).toEqual([
    ['POST', 'g', '201'],
    ['POST', 'a', '201'],
    ['POST', 'b', '201'],
    ['PATCH', undefined, '200'],
  ]);
  const [group, a, b] = results.map(idIn);
  const { members } = (await scim.send(`GET /Groups/${group}`)).body;
  expect(members.map(({ value }: Json) => value).sort()).toEqual([a, b].sort());
  expect(results[3].version).toBe('W/"2"');
});

test('answers each failure in its place, goes on after it, and stops where it is told to', async () => {
  const { id, meta } = await scim.addUser('bulk-old');
  const operations = [
    { method: 'POST', path: '/Users', bulkId: '1', data: {} },
    { method: 'DELETE', path: `/Users/${id}`, version: 'W/"9"' },
    { method: 'POST', path: '/Users', bulkId: '2', data: { userName: 'bulk-new' } },
    { method: 'PUT', path: '/Nowhere/1', data: { userName: 'x' } },
    { method: 'DELETE', path: `/Users/${id}`, version: meta.version },
  ];
  const results = await bulk(operations);
  expect(results.map(({ status }) => status)).toEqual(['400', '412', '201', '400', '204']);
  expect(results[0].response).toMatchObject({ status: '400', scimType: 'invalidValue' });
  const stopped = await bulk(
    [...operations.slice(0, 2), { method: 'POST', path: '/Users', bulkId: '3', data: { userName: 'never' } }],
    { failOnErrors: 1 },
  );
  expect(stopped.map(({ status }) => status)).toEqual(['400']);
  expect((await scim.send('GET /Users?filter=userName%20eq%20%22never%22')).body.totalResults).toBe(0);
});

test('refuses references that lead nowhere or in a circle with 409', async () => {
  const results = await bulk([
    {
      method: 'POST',
      path: '/Groups',
      bulkId: 'x',
      data: { displayName: 'X', members: [{ value: 'bulkId:nothing' }] },
    },
    { method: 'POST', path: '/Users', bulkId: 'y', data: { userName: 'circle-y', title: 'bulkId:z' } },
    { method: 'POST', path: '/Users', bulkId: 'z', data: { userName: 'circle-z', title: 'bulkId:y' } },
    { method: 'POST', path: '/Users', bulkId: 'fine', data: { userName: 'fine' } },
  ]);
  expect(results.map(({ status }) => status)).toEqual(['409', '409', '409', '201']);
});
