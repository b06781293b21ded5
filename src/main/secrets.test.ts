import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { createLog, type Database, migrate } from '../platform/index.ts';
import { readConfig } from './config.ts';
import { openSecretBox, secretMigrations } from './secrets.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'remit-secret-'));
  writeFileSync(join(folder, 'remit.yaml'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const CONFIGURED = { REMIT_SECRET_KEY: 'a configured secret that is long enough' };

const openWith = (database: Database, env: Record<string, string> = {}) =>
  openSecretBox(
    readConfig({ REMIT_CONFIG: join(folder, 'remit.yaml'), REMIT_DATA_DIR: folder, ...env }),
    database,
    createLog('silent'),
  );

forEachDatabase((engine, open) => {
  const prepared = async (): Promise<Database> => {
    const database = await open();
    await migrate(database, secretMigrations);
    return database;
  };

  it('needs nothing to be configured: what was sealed opens after the next start', async () => {
    const database = await prepared();
    const sealed = (await openWith(database)).seal('token', 'here');
    expect((await openWith(database)).open(sealed, 'here')).toBe('token');
  });

  it('opens what was sealed before a secret was configured, and what is sealed then only with that', async () => {
    const database = await prepared();
    const before = (await openWith(database)).seal('before', 'here');
    const box = await openWith(database, CONFIGURED);
    expect(box.open(before, 'here')).toBe('before');
    const after = box.seal('after', 'here');
    expect((await openWith(database, CONFIGURED)).open(after, 'here')).toBe('after');
    const without = await openWith(database);
    expect(() => without.open(after, 'here')).toThrow('cannot be opened');
  });

  it('keeps its own secret apart from an embedded database, and where all nodes find it on a shared one', async () => {
    const database = await prepared();
    await openWith(database);
    const file = join(folder, 'secret.key');
    if (engine === 'postgres') expect(() => statSync(file)).toThrow('ENOENT');
    else {
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8')).toMatch(/^[\w-]{43}$/);
      writeFileSync(file, 'cut short');
      await expect(openWith(database)).rejects.toThrow('does not hold a whole key');
    }
  });
});
