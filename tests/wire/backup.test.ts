import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { send } from '../support/http.ts';
import { bodyOf } from '../support/messages.ts';
import { spend, startRemit, startWithMember } from '../support/remit.ts';

const GUIDE = new URL('../../docs/guides/operate.md', import.meta.url);

/** The script of the guide's command for those without `sqlite3`; it is run in the folder above the data. */
const guidesScript = (): string => {
  const script = /^npx node -e "(.+)"$/m.exec(readFileSync(GUIDE, 'utf8'))?.[1];
  if (script === undefined) throw new Error('The guide has no command for backups');
  return script;
};

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'remit-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Makes a database so large that a copy takes many steps, and commits to it all the time until told to stop. */
const writeWithoutPause = (file: string): (() => void) => {
  const db = new DatabaseSync(file, { timeout: 5000 });
  db.exec('PRAGMA synchronous = OFF');
  db.exec('CREATE TABLE ballast (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL)');
  db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO ballast SELECT i, randomblob(4000) FROM n`);
  const change = db.prepare('UPDATE ballast SET bytes = randomblob(4000) WHERE position = 1');
  const timer = setInterval(() => change.run(), 1);
  return () => {
    clearInterval(timer);
    db.close();
  };
};

test("the guide's backup ends while others write, opens elsewhere, adds up and has every request answered before it", async () => {
  const { remit, member, stop } = await startWithMember();
  onTestFinished(stop);
  const scope = { type: 'user' as const, user_id: member.id };
  await remit.call(spend.setSpendLimit, { body: { scope, amount: '10000' } });
  const answered: string[] = [];
  for (let i = 0; i < 5; i++) {
    const { headers } = await send({
      url: remit.url,
      path: '/v1/messages',
      method: 'POST',
      key: member.key,
      body: bodyOf(),
    });
    answered.push(String(headers['request-id']));
  }
  // Usage follows its answer.
  await remit.decision(answered.at(-1) ?? '');

  const place = makeFolder();
  symlinkSync(remit.folder, join(place, 'data'));
  onTestFinished(writeWithoutPause(join(remit.folder, 'remit.sqlite')));
  await promisify(execFile)(process.execPath, ['-e', guidesScript()], { cwd: place, timeout: 20_000 });

  const folder = makeFolder();
  renameSync(join(place, 'backup.sqlite'), join(folder, 'remit.sqlite'));
  const restored = await startRemit({ folder });
  onTestFinished(restored.stop);
  const found = await restored.decisions();
  expect(found.map(({ id }) => id).sort()).toEqual([...answered].sort());
  expect(found.every(({ outcome }) => outcome === 'completed')).toBe(true);
  const verification = await restored.call(spend.verifySpendLedger);
  expect(verification).toMatchObject({ adds_up: true, requests: answered.length, open: '0' });
});
