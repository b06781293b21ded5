import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const MARK = 'demo.json';

const Account = z.object({ name: z.string(), email: z.string(), password: z.string() });

/** What the demonstration has to know again when it is started on the same folder: its made-up people's secrets. */
export const DemoNotes = z.object({
  owner: Account,
  admin: Account,
  member: Account,
  /** The secret of the shown member's personal key. */
  personalKey: z.string(),
  /** Keys from which a trickle of new requests comes. */
  trickleKeys: z.array(z.string()),
});
export type DemoNotes = z.output<typeof DemoNotes>;

const Mark = z.object({ remit: z.literal('demo'), notes: DemoNotes.nullable() });

/** A data folder that is the demonstration's to write to. */
export type DemoFolder = {
  readonly path: string;
  /** Null in a folder that is still to be filled. */
  readonly notes: DemoNotes | null;
  /** Whether somebody chose the folder, so that it stays. */
  readonly isKept: boolean;
  /** Marks the folder as filled. */
  finish(notes: DemoNotes): Promise<void>;
  /** Removes the folder unless it is kept. */
  leave(): Promise<void>;
};

/**
 * The folder to show the demonstration in: a new temporary one, or the one given. A folder that was filled before is
 * used as it is; one whose filling was interrupted is emptied of the database and filled anew. Rejects for a folder that
 * holds anything the demonstration did not put there.
 */
export const claimDemoFolder = async (given: string | undefined): Promise<DemoFolder> => {
  const path = given ?? (await mkdtemp(join(tmpdir(), 'remit-demo-')));
  await mkdir(path, { recursive: true, mode: 0o700 });
  const notes = await readNotes(path);
  if (notes === null) await clear(path);
  return {
    path,
    notes,
    isKept: given !== undefined,
    finish: (made) => writeMark(path, made),
    leave: async () => {
      if (given === undefined) await rm(path, { recursive: true, force: true });
    },
  };
};

const writeMark = (path: string, notes: DemoNotes | null): Promise<void> =>
  writeFile(join(path, MARK), `${JSON.stringify({ remit: 'demo', notes }, null, 2)}\n`, { mode: 0o600 });

const foreign = (path: string) =>
  new Error(
    `the folder ${path} holds data that the demonstration did not make, so it is left alone. Give another REMIT_DATA_DIR, or none for a temporary folder.`,
  );

const readNotes = async (path: string): Promise<DemoNotes | null> => {
  const mark = join(path, MARK);
  if (!existsSync(mark)) {
    if ((await readdir(path)).length > 0) throw foreign(path);
    return null;
  }
  const parsed = Mark.safeParse(parseJson(await readFile(mark, 'utf8')));
  if (!parsed.success) throw foreign(path);
  return parsed.data.notes;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const clear = async (path: string): Promise<void> => {
  for (const name of await readdir(path)) if (name.startsWith('remit.sqlite')) await rm(join(path, name));
  await writeMark(path, null);
};
