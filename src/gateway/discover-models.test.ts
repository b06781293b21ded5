import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelInfo } from '../access/index.ts';
import { createLog } from '../platform/index.ts';
import { discoverModels } from './discover-models.ts';
import { openUpstream, type Upstream } from './upstream/upstream.ts';

let answer: { readonly status: number; readonly body: string };
const provider = createServer((_, response) => {
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
let upstream: Upstream;

beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  upstream = openUpstream({ name: 'test', url, key: 'k', simulated: false }, { answerMs: 1000, silenceMs: 1000 });
});

afterAll(async () => {
  upstream.connections.close();
  await upstream.pool.destroy();
  provider.close();
});

const discovered = async (status: number, body: string): Promise<readonly ModelInfo[]> => {
  answer = { status, body };
  let found: readonly ModelInfo[] = [];
  const remember = async (listed: readonly ModelInfo[]) => {
    found = listed;
    return [];
  };
  await discoverModels([upstream], remember, createLog('silent'));
  return found;
};

const model = { type: 'model', id: 'claude-new-1', display_name: 'Claude New 1', created_at: '2027-01-01T00:00:00Z' };

test('a model whose capabilities have a shape nobody knows is kept, as one nobody has described', async () => {
  const odd = { ...model, line: 'a line of tomorrow', capabilities: { effort: 'all of it' } };
  const [found] = await discovered(200, JSON.stringify({ data: [odd] }));
  expect(found).toMatchObject({ id: 'claude-new-1', line: null, lifecycle: 'active', capabilities: null });
});

test.for([
  [404, '{}'],
  [200, 'no JSON'],
  [200, '{"data":[{"id":7}]}'],
] as const)('a provider that lists nothing usable (%s) adds no model', async ([status, body]) => {
  expect(await discovered(status, body)).toEqual([]);
});
