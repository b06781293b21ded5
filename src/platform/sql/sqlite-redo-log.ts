import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** An entry as a start finds it; numbers rise by one from entry to entry. */
export type RedoEntry = { readonly number: number; readonly text: string };

/**
 * What is on disk before it is in its tables: entries that a start carries out if the program ended before it could. Two
 * files are written in turn, each over and over, so that syncing one seldom has to make it longer as well.
 */
export type RedoLog = {
  /** Writes an entry at once, resolves when it is on disk and rejects when it may not be; throws when it is not written. */
  write(text: string): Promise<void>;
  /**
   * Answers the number of the last entry, or undefined where all have been forgotten. What comes later goes to the other
   * file, where that is free.
   */
  turnOver(): number | undefined;
  /** Gives the place of this entry and all before it free: what they say is in its tables, on disk. */
  forget(upTo: number): void;
  /** Removes the files as well when all of it has been forgotten. */
  close(): void;
};

const PREPARED_BYTES = 1024 * 1024;

/** A log that had to grow, because its tables could not be reached, gives the space back. */
const BYTES_MAX = 4 * PREPARED_BYTES;

type LogFile = { readonly descriptor: number; end: number; last: number };

/** The two files of a database's redo log. */
export const redoFiles = (file: string): readonly [string, string] => [`${file}-redo-0`, `${file}-redo-1`];

const HEAD = /redo (\d+) (\d+) ([0-9a-f]+)\n/;
const HEAD_BYTES_MAX = 64;

/** The most bytes a text can take. */
const utf8BytesMax = (text: string): number => text.length * 3;

const SCRATCH_BYTES = 64 * 1024;
let scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);

/** An entry as it is written; good until the next one is framed. */
const frame = (number: number, text: string): Buffer => {
  const room = HEAD_BYTES_MAX + utf8BytesMax(text);
  if (scratch.length < room) scratch = Buffer.allocUnsafeSlow(2 * room);
  const end = HEAD_BYTES_MAX + scratch.write(text, HEAD_BYTES_MAX);
  const body = scratch.subarray(HEAD_BYTES_MAX, end);
  const head = `redo ${number} ${body.length} ${crc32(body).toString(16)}\n`;
  const start = HEAD_BYTES_MAX - head.length;
  scratch.write(head, start, 'latin1');
  return scratch.subarray(start, end);
};

/**
 * The whole entries of a file whose numbers rise; behind them lies what was written in an earlier round. One is written when
 * the one before it is on disk, so that a crash damages the last at most: numbers that are missing between tell of worse.
 */
export const readEntries = (bytes: Buffer): readonly RedoEntry[] => {
  const entries: RedoEntry[] = [];
  const text = bytes.toString('latin1');
  const heads = new RegExp(HEAD, 'g');
  let last = 0;
  for (let head = heads.exec(text); head !== null; head = heads.exec(text)) {
    const [, number, length, sum] = head;
    const start = heads.lastIndex;
    const body = bytes.subarray(start, start + Number(length));
    if (Number(number) <= last || body.length < Number(length) || crc32(body).toString(16) !== sum) continue;
    last = Number(number);
    entries.push({ number: last, text: body.toString() });
    heads.lastIndex = start + body.length;
  }
  return entries;
};

const readIfThere = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
};

/** The entries of both files of a database, in the order they were written. */
export const readRedoLog = (file: string): readonly RedoEntry[] =>
  redoFiles(file)
    .flatMap((one) => readEntries(readIfThere(one)))
    .sort((one, other) => one.number - other.number);

/** A file whose blocks are there already: syncing what is written into it syncs nothing else. */
const prepare = (file: string): LogFile => {
  const descriptor = openSync(file, 'w+', 0o600);
  writeSync(descriptor, Buffer.alloc(PREPARED_BYTES), 0, PREPARED_BYTES, 0);
  fsyncSync(descriptor);
  return { descriptor, end: 0, last: 0 };
};

const prepareBoth = ([one, another]: readonly [string, string]): [LogFile, LogFile] => {
  const first = prepare(one);
  try {
    return [first, prepare(another)];
  } catch (error) {
    closeSync(first.descriptor);
    throw error;
  }
};

const sync = (descriptor: number): Promise<void> =>
  new Promise((resolve, reject) => {
    fdatasync(descriptor, (error) => (error === null ? resolve() : reject(error)));
  });

/** Opens the log empty; what it said before must be in its tables. `last` is the number of the last entry carried out. */
export const openRedoLog = (file: string, last: number): RedoLog => {
  let [current, other] = prepareBoth(redoFiles(file));
  let number = last;
  let forgotten = last;

  const free = (one: LogFile): void => {
    if (one.end > BYTES_MAX) ftruncateSync(one.descriptor, PREPARED_BYTES);
    one.end = 0;
  };

  return {
    write: (text) => {
      const bytes = frame(number + 1, text);
      const written = writeSync(current.descriptor, bytes, 0, bytes.length, current.end);
      if (written < bytes.length) throw new Error(`Only ${written} of ${bytes.length} bytes fit on the disk`);
      number += 1;
      current.end += bytes.length;
      current.last = number;
      return sync(current.descriptor);
    },
    turnOver: () => {
      if (current.end > 0 && other.end === 0) [current, other] = [other, current];
      return number > forgotten ? number : undefined;
    },
    forget: (upTo) => {
      forgotten = upTo;
      for (const one of [current, other]) if (one.last <= upTo) free(one);
    },
    close: () => {
      closeSync(current.descriptor);
      closeSync(other.descriptor);
      // Beside a copy that is put in the place of the database, they might be taken for what follows upon it.
      if (number === forgotten) for (const one of redoFiles(file)) rmSync(one, { force: true });
    },
  };
};
