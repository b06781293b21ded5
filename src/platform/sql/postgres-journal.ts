import { type Client, escapeIdentifier } from 'pg';
import type { AppendTable, SharedRow, SqlValue, TallyLine, TallyTable } from './database.ts';
import { asError, isRefusedData } from './errors.ts';
import { type JournalPart, type JournalStore, type RefusedRow, sumsOf } from './journal-store.ts';
import type { ConnectAlone } from './postgres-connection.ts';
import { missingShared, refusedWith } from './shared-rows.ts';

/** A journal's engine with a connection of its own. */
export type PostgresJournalStore = JournalStore & { close(): Promise<void> };

// The protocol counts parameters in 16 bits; long statements gain nothing beyond a few hundred rows.
const PARAMETERS_MAX = 20_000;

type Statement = { readonly text: string; readonly values: SqlValue[] };

type Rows = Pick<JournalPart, 'table' | 'rows'>;

const insertStatement = ({ table, rows }: Rows, from: number, to: number): Statement => {
  const { name, columns } = table;
  const values = rows.slice(from, to).flat();
  let parameter = 0;
  const row = (): string => `(${columns.map(() => `$${++parameter}`).join(', ')})`;
  const places = Array.from({ length: to - from }, row).join(', ');
  const into = `${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(', ')})`;
  return { text: `INSERT INTO ${into} VALUES ${places}`, values };
};

const unlessThere = ({ text, values }: Statement): Statement => ({ text: `${text} ON CONFLICT DO NOTHING`, values });

const insertAll = async (
  client: Client,
  part: Rows,
  finish: (statement: Statement) => Statement = (statement) => statement,
): Promise<void> => {
  const step = Math.max(1, Math.floor(PARAMETERS_MAX / Math.max(1, part.table.columns.length)));
  for (let from = 0; from < part.rows.length; from += step) {
    await client.query(finish(insertStatement(part, from, Math.min(from + step, part.rows.length))));
  }
};

/** Stores what is not there yet. First in its transaction, so that no two transactions wait for each other over it. */
const insertShared = async (client: Client, shared: readonly SharedRow[]): Promise<void> => {
  const tables = new Map<AppendTable, (readonly SqlValue[])[]>();
  for (const { table, row } of shared) {
    const rows = tables.get(table);
    if (rows === undefined) tables.set(table, [row]);
    else rows.push(row);
  }
  for (const [table, rows] of tables) await insertAll(client, { table, rows }, unlessThere);
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

/** Answers why the row was refused, and leaves the transaction as it was then. */
const insertAlone = async (client: Client, statement: Statement): Promise<Error | undefined> => {
  await client.query('SAVEPOINT one_row');
  try {
    await client.query(statement);
    await client.query('RELEASE SAVEPOINT one_row');
    return undefined;
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT one_row');
    return asError(error);
  }
};

/** The slow way, taken when a row among many was refused: finds which. */
const insertEach = async (
  client: Client,
  parts: readonly JournalPart[],
  missing: ReadonlyMap<SharedRow, Error>,
): Promise<RefusedRow[]> => {
  const refused = [...refusedWith(parts, missing)];
  for (const [index, part] of parts.entries()) {
    for (let row = 0; row < part.rows.length; row++) {
      const shared = part.refersTo[row];
      if (shared !== undefined && missing.has(shared)) continue;
      const error = await insertAlone(client, insertStatement(part, row, row + 1));
      if (error !== undefined) refused.push({ part: index, row, error });
    }
  }
  return refused;
};

/** The slow way for what is shared: answers what was refused. */
const shareEach = async (client: Client, shared: readonly SharedRow[]): Promise<ReadonlyMap<SharedRow, Error>> => {
  const missing = new Map<SharedRow, Error>();
  for (const one of shared) {
    const statement = insertStatement({ table: one.table, rows: [one.row] }, 0, 1);
    const error = await insertAlone(client, unlessThere(statement));
    if (error !== undefined) missing.set(one, error);
  }
  return missing;
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

type Connection = { readonly client: Client; readonly known: WeakSet<SharedRow> };

const storeAll = async (
  { client, known }: Connection,
  parts: readonly JournalPart[],
): Promise<readonly RefusedRow[]> => {
  const shared = missingShared(parts, known);
  try {
    await inTransaction(client, async () => {
      await insertShared(client, shared);
      for (const part of parts) await insertAll(client, part);
      await addSums(client, parts);
    });
    for (const one of shared) known.add(one);
    return [];
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    return inTransaction(client, async () => {
      const missing = await shareEach(client, shared);
      const refused = await insertEach(client, parts, missing);
      await addSums(client, parts, refused);
      return refused;
    });
  }
};

/**
 * Multi-row INSERTs, one transaction per batch. The connection is made when it is first needed and again after it was
 * lost: while the server is away every batch fails, and the first one after its return is stored. What is known to be on
 * disk is known for as long as a connection lasts: another one may lead to a server that has lost the last moments.
 */
export const createPostgresJournalStore = (connectAlone: ConnectAlone): PostgresJournalStore => {
  let connecting: Promise<Connection> | undefined;
  let isClosed = false;

  const forget = (): void => {
    connecting = undefined;
  };

  const connect = (): Promise<Connection> => {
    if (isClosed) throw new Error('The database is closed');
    connecting ??= connectAlone(forget)
      .then((client) => ({ client, known: new WeakSet<SharedRow>() }))
      .catch((error: unknown) => {
        forget();
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
      await open?.then(({ client }) => client.end()).catch(() => {});
    },
  };
};
