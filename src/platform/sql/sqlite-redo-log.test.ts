import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRedoLog, type RedoEntry, readEntries, readRedoLog, redoFiles } from './sqlite-redo-log.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redo-test-'));
  file = join(folder, 'data.sqlite');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const numbered = (texts: readonly string[], first = 1): readonly RedoEntry[] =>
  texts.map((text, at) => ({ number: first + at, text }));

it('reads what was written, in order, whatever it says', async () => {
  const texts = ['{"a":1}', '', 'ünïcode 語 \u0000 \n redo 9 9 9\n', 'x'.repeat(100_000)];
  const log = openRedoLog(file, 0);
  await Promise.all(texts.map((text) => log.write(text)));
  expect(readRedoLog(file)).toEqual(numbered(texts));
  log.close();
});

it('reads the whole entries before the place where a crash cut the file, and nothing behind it', async () => {
  const texts = ['first', 'second ü', 'third'];
  const log = openRedoLog(file, 41);
  for (const text of texts) await log.write(text);
  log.close();
  const [first] = redoFiles(file);
  const bytes = readFileSync(first);
  const end = bytes.indexOf('third') + 'third'.length;
  let before = 0;
  for (let cut = 0; cut <= end; cut++) {
    const torn = Buffer.from(bytes);
    torn.fill(0xff, cut);
    const read = readEntries(torn);
    expect(read).toEqual(numbered(texts, 42).slice(0, read.length));
    expect(read.length).toBeGreaterThanOrEqual(before);
    before = read.length;
  }
  expect(before).toBe(3);
});

type Step =
  | { readonly do: 'write'; readonly text: string }
  | { readonly do: 'commit'; readonly isStored: boolean }
  | { readonly do: 'reopen' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), text: fc.string({ maxLength: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('commit' as const), isStored: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
);

it('holds every entry that has not been carried out, whatever was written, forgotten and begun anew before', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      for (const one of redoFiles(file)) rmSync(one, { force: true });
      const written: RedoEntry[] = [];
      let carriedOut = 0;
      let log = openRedoLog(file, 0);
      for (const one of steps) {
        if (one.do === 'write') {
          await log.write(one.text);
          written.push({ number: written.length + 1, text: one.text });
        } else if (one.do === 'reopen') {
          carriedOut = written.length;
          log.close();
          log = openRedoLog(file, carriedOut);
        } else {
          const upTo = log.turnOver();
          expect(upTo).toBe(written.length > carriedOut ? written.length : undefined);
          if (one.isStored && upTo !== undefined) {
            log.forget(upTo);
            carriedOut = upTo;
          }
        }
        const left = readRedoLog(file).filter(({ number }) => number > carriedOut);
        expect(left).toEqual(written.slice(carriedOut));
      }
      log.close();
    }),
    { numRuns: 100 },
  );
});

it('gives back the space it needed while its entries could not be carried out', async () => {
  const log = openRedoLog(file, 0);
  for (let i = 0; i < 6; i++) await log.write('x'.repeat(1024 * 1024));
  const [first] = redoFiles(file);
  expect(statSync(first).size).toBeGreaterThan(6 * 1024 * 1024);
  log.forget(6);
  expect(statSync(first).size).toBe(1024 * 1024);
  await log.write('next');
  expect(readRedoLog(file)).toEqual([{ number: 7, text: 'next' }]);
  log.close();
});

it('takes a file of something else for an empty one', () => {
  for (const one of redoFiles(file)) writeFileSync(one, 'not a log at all');
  expect(readRedoLog(file)).toEqual([]);
});
