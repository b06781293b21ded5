import { type Client, escapeIdentifier } from 'pg';
import type { SqlValue, TallyLine, TallyTable } from './database.ts';
import { asError, isRefusedData } from './errors.ts';
import { type JournalPart, type JournalStore, type RefusedRow, sumsOf } from './journal.ts';
import { connectAlone } from './postgres-connection.ts';

/** A journal's engine with a connection of its own. */
export type PostgresJournalStore = JournalStore & { close(): Promise<void> };

// The protocol counts parameters in 16 bits; long statements gain nothing beyond a few hundred rows.
const PARAMETERS_MAX = 20_000;

type Statement = { readonly text: string; readonly values: SqlValue[] };

const insertStatement = (part: JournalPart, from: number, to: number): Statement => {
  const { name, columns } = part.table;
  const values = part.rows.slice(from, to).flat();
  let parameter = 0;
  const row = (): string => `(${columns.map(() => `$${++parameter}`).join(', ')})`;
  const rows = Array.from({ length: to - from }, row).join(', ');
  const into = `${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})`;
  return { text: `INSERT INTO ${into} VALUES ${rows}`, values };
};

const insertPart = async (client: Client, part: JournalPart): Promise<void> => {
  const step = Math.max(1, Math.floor(PARAMETERS_MAX / Math.max(1, part.table.columns.length)));
  for (let from = 0; from < part.rows.length; from += step) {
    await client.query(insertStatement(part, from, Math.min(from + step, part.rows.length)));
  }
};

const inTransaction = async <R>(client: Client, work: () => Promise<R>): Promise<R> => {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // On a broken connection there is nothing to roll back, and the first error is the one that tells.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
};

const insertRow = async (client: Client, part: JournalPart, row: number): Promise<Error | undefined> => {
  await client.query('SAVEPOINT one_row');
  try {
    await client.query(insertStatement(part, row, row + 1));
    await client.query('RELEASE SAVEPOINT one_row');
    return undefined;
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT one_row');
    return asError(error);
  }
};

/** The slow way, taken when a row among many was refused: finds which. */
const insertEach = async (client: Client, parts: readonly JournalPart[]): Promise<RefusedRow[]> => {
  const refused: RefusedRow[] = [];
  for (const [index, part] of parts.entries()) {
    for (let row = 0; row < part.rows.length; row++) {
      const error = await insertRow(client, part, row);
      if (error !== undefined) refused.push({ part: index, row, error });
    }
  }
  return refused;
};

const addStatement = (table: TallyTable, lines: readonly TallyLine[]): Statement => {
  const name = escapeIdentifier(table.name);
  const columns = [...table.keys, ...table.sums].map(escapeIdentifier);
  let parameter = 0;
  const rows = lines.map(() => `(${columns.map(() => `$${++parameter}`).join(', ')})`);
  const adds = table.sums.map(escapeIdentifier).map((sum) => `${sum} = ${name}.${sum} + excluded.${sum}`);
  return {
    text: `INSERT INTO ${name} (${columns.join(', ')}) VALUES ${rows.join(', ')} ON CONFLICT (${table.keys.map(escapeIdentifier).join(', ')}) DO UPDATE SET ${adds.join(', ')}`,
    values: lines.flat(),
  };
};

const LINES_PER_STATEMENT = 1000;

/** Adds what the stored rows add. Last in its transaction: the lines of busy sums are held for as short as can be. */
const addSums = async (
  client: Client,
  parts: readonly JournalPart[],
  refused: readonly RefusedRow[] = [],
): Promise<void> => {
  for (const { table, lines } of sumsOf(parts, refused))
    for (let at = 0; at < lines.length; at += LINES_PER_STATEMENT)
      await client.query(addStatement(table, lines.slice(at, at + LINES_PER_STATEMENT)));
};

const storeAll = async (client: Client, parts: readonly JournalPart[]): Promise<readonly RefusedRow[]> => {
  try {
    return await inTransaction(client, async () => {
      for (const part of parts) await insertPart(client, part);
      await addSums(client, parts);
      return [];
    });
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    return inTransaction(client, async () => {
      const refused = await insertEach(client, parts);
      await addSums(client, parts, refused);
      return refused;
    });
  }
};

/**
 * Multi-row INSERTs, one transaction per batch. The connection is made when it is first needed and again after it was
 * lost: while the server is away every batch fails, and the first one after its return is stored.
 */
export const createPostgresJournalStore = (url: string): PostgresJournalStore => {
  let connecting: Promise<Client> | undefined;
  let isClosed = false;

  const connect = (): Promise<Client> => {
    if (isClosed) throw new Error('The database is closed');
    connecting ??= connectAlone(url, () => {
      connecting = undefined;
    }).catch((error: unknown) => {
      connecting = undefined;
      throw error;
    });
    return connecting;
  };

  return {
    run: (work) => work(),
    commit: async (parts) => storeAll(await connect(), parts),
    close: async () => {
      const open = connecting;
      isClosed = true;
      connecting = undefined;
      await open?.then((client) => client.end()).catch(() => {});
    },
  };
};
