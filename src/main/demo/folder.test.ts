import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claimDemoFolder, type DemoNotes } from './folder.ts';

const ACCOUNT = { name: 'A', email: 'a@demo.example', password: 'a-long-password' };
const NOTES: DemoNotes = { owner: ACCOUNT, admin: ACCOUNT, member: ACCOUNT, personalKey: 'k', trickleKeys: ['k'] };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("a folder with somebody else's data is refused and left as it is", async () => {
  await writeFile(join(folder, 'remit.sqlite'), 'precious');
  await expect(claimDemoFolder(folder)).rejects.toThrow('did not make');
  expect(await readdir(folder)).toEqual(['remit.sqlite']);
});

test("a folder whose mark is not the demonstration's is refused", async () => {
  await writeFile(join(folder, 'demo.json'), '{"something":"else"}');
  await expect(claimDemoFolder(folder)).rejects.toThrow('did not make');
});

test('a folder that was filled is used again with its secrets, and its data stays', async () => {
  await (await claimDemoFolder(folder)).finish(NOTES);
  await writeFile(join(folder, 'remit.sqlite'), 'rows');
  const again = await claimDemoFolder(folder);
  expect(again.notes).toEqual(NOTES);
  await again.leave();
  expect(await readdir(folder)).toEqual(['demo.json', 'remit.sqlite']);
});

test('a folder whose filling was interrupted is emptied of the database only', async () => {
  await claimDemoFolder(folder);
  for (const name of ['remit.sqlite', 'remit.sqlite-wal', 'notes.txt']) await writeFile(join(folder, name), 'half');
  expect((await claimDemoFolder(folder)).notes).toBeNull();
  expect((await readdir(folder)).sort()).toEqual(['demo.json', 'notes.txt']);
});

test('without a folder a temporary one is made, which is gone afterwards', async () => {
  const made = await claimDemoFolder(undefined);
  expect(await readdir(made.path)).toEqual(['demo.json']);
  await made.leave();
  await expect(readdir(made.path)).rejects.toThrow('ENOENT');
});
