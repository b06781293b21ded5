import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '../platform/index.ts';
import { readConfig } from './config.ts';
import { openStore } from './open-store.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'open-store-'));
  writeFileSync(join(folder, 'remit.yaml'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

const opening = (env: Record<string, string>) =>
  openStore(readConfig({ REMIT_CONFIG: join(folder, 'remit.yaml'), ...env }), createLog('silent'));

it('says which database cannot be reached and where that is set, without the password', async () => {
  const failure = opening({ REMIT_DATABASE_URL: 'postgres://remit:hunter2@127.0.0.1:1/governance' });
  await expect(failure).rejects.toThrow(
    /^The database governance at 127\.0\.0\.1:1 cannot be opened: .*ECONNREFUSED.*Check REMIT_DATABASE_URL/,
  );
  await expect(failure).rejects.not.toThrow(/hunter2/);
});

it.each(['a-file', 'a-file/data'])('says which data folder cannot be made: %s', async (name) => {
  writeFileSync(join(folder, 'a-file'), '');
  await expect(opening({ REMIT_DATA_DIR: join(folder, name) })).rejects.toThrow(
    /^The data folder \S+a-file\S* cannot be made: .* Set REMIT_DATA_DIR to a place Remit may write to\.$/,
  );
});

it('says what is wrong with a database file that is none', async () => {
  const data = join(folder, 'data');
  const { database, unlock } = await opening({ REMIT_DATA_DIR: data });
  await database.close();
  unlock();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(data, `remit.sqlite${suffix}`), { force: true });
  writeFileSync(
    join(data, 'remit.sqlite'),
    'this is no database, but it is long enough to be taken for one'.repeat(20),
  );
  await expect(opening({ REMIT_DATA_DIR: data })).rejects.toThrow(
    /^The database \S+remit\.sqlite cannot be opened: .*not a database/,
  );
});

it('says why a data folder cannot be taken when nobody else has it', async () => {
  const data = join(folder, 'data');
  const { database, unlock } = await opening({ REMIT_DATA_DIR: data });
  await expect(opening({ REMIT_DATA_DIR: data })).rejects.toThrow(/^Another Remit is running on the folder/);
  await database.close();
  unlock();
  const whole = 'not what the lock of a folder looks like, as a full disk may leave it'.repeat(20);
  writeFileSync(join(data, 'remit.lock'), whole);
  await expect(opening({ REMIT_DATA_DIR: data })).rejects.toThrow(
    /^The data folder \S+ cannot be taken \(remit\.lock: file is not a database\)/,
  );
  rmSync(join(data, 'remit.lock'));
  mkdirSync(join(data, 'remit.lock'));
  await expect(opening({ REMIT_DATA_DIR: data })).rejects.toThrow(
    /^The data folder \S+ cannot be taken \(remit\.lock: unable to open database file\)/,
  );
});
