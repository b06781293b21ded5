import Anthropic, { toFile } from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SimulatedUpstream, startSimulatedUpstream } from './start-simulated-upstream.ts';

const KEY = 'test-key';

let upstream: SimulatedUpstream;
let client: Anthropic;
let nowMs = Date.parse('2026-11-23T00:00:00Z');

beforeAll(async () => {
  upstream = await startSimulatedUpstream({ now: () => nowMs });
  client = new Anthropic({ apiKey: KEY, baseURL: upstream.url, maxRetries: 0 });
});
afterAll(() => upstream.close());

test('a file is uploaded, listed, downloaded byte for byte and deleted', async () => {
  const bytes = Buffer.from([0, 255, 13, 10, 45, 45, 200]);
  const file = await client.files.upload({ file: await toFile(bytes, 'data.bin', { type: 'image/png' }) });
  expect(file).toMatchObject({ type: 'file', filename: 'data.bin', mime_type: 'image/png', size_bytes: 7 });
  const listed: string[] = [];
  for await (const { id } of client.files.list({ limit: 1 })) listed.push(id);
  expect(listed).toEqual([file.id]);
  const content = await client.files.download(file.id);
  expect(Buffer.from(await content.arrayBuffer())).toEqual(bytes);
  expect(await client.files.delete(file.id)).toMatchObject({ type: 'file_deleted' });
  await expect(client.files.retrieveMetadata(file.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
});

test('an expired file is gone', async () => {
  const file = await client.files.upload({ file: await toFile(Buffer.from('x'), 'x.txt'), expires_in_seconds: 3600 });
  nowMs += 3_600_000;
  await expect(client.files.download(file.id)).rejects.toBeInstanceOf(Anthropic.NotFoundError);
});
