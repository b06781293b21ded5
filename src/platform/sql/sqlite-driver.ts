import {
  AbortedTransactionError,
  type CompiledQuery,
  type CreateTableNode,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  RawNode,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Lane, LaneSession } from './sqlite-lane.ts';
import type { QueryAnswer } from './sqlite-protocol.ts';
import type { Turns } from './turns.ts';

/** The two threads of a file, and the turns in which the writer is used. */
export type Lanes = { readonly writer: Lane; readonly reader: Lane; readonly turns: Turns };

/** Resolves when the tables hold every row that is durable; undefined where they do. */
export type CatchUp = () => Promise<void> | undefined;

/**
 * A transaction keeps rows from their tables. Whoever reads beside one waits this long for its end, and then reads what
 * is there: the transaction may be waiting for the reader.
 */
const CATCH_UP_MS_MAX = 250;

type OpenTransaction = { readonly session: LaneSession; readonly endTurn: () => void; hasFailed: boolean };

const isSelect = ({ query, sql }: CompiledQuery): boolean =>
  SelectQueryNode.is(query) || (RawNode.is(query) && /^\s*select\b/i.test(sql));

const atMost = async (ms: number, work: Promise<void>): Promise<void> => {
  const { promise: tooLong, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  await Promise.race([work, tooLong]);
  clearTimeout(timer);
};

const toObjects = <R>({ columns, rows }: QueryAnswer): R[] =>
  rows.map((row) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < columns.length; i++) object[columns[i] ?? ''] = row[i];
    // The rows' type is the query builder's knowledge.
    return object as R;
  });

const toResult = <R>(answer: QueryAnswer): QueryResult<R> => ({
  rows: toObjects<R>(answer),
  numAffectedRows: BigInt(answer.changes),
  insertId: BigInt(answer.insertId),
});

/** A connection is no more than its open transaction: the threads themselves are shared by all. */
class LaneConnection implements DatabaseConnection {
  readonly #lanes: Lanes;
  readonly #catchUp: CatchUp;
  #transaction: OpenTransaction | undefined;

  constructor(lanes: Lanes, catchUp: CatchUp) {
    this.#lanes = lanes;
    this.#catchUp = catchUp;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return toResult<R>(await this.#ask(query));
  }

  async #ask(query: CompiledQuery): Promise<QueryAnswer> {
    const command = ['query', query.sql, query.parameters] as const;
    if (this.#transaction !== undefined) return this.#askWithin(this.#transaction, command);
    const caughtUp = this.#catchUp();
    if (caughtUp !== undefined) await atMost(CATCH_UP_MS_MAX, caughtUp);
    if (isSelect(query)) return this.#lanes.reader.call(command);
    return this.#lanes.turns.run(() => this.#lanes.writer.call(command));
  }

  /** As on PostgreSQL, a failed statement is the end of its transaction: half a change is never committed. */
  async #askWithin(open: OpenTransaction, command: Parameters<LaneSession['call']>[0]): Promise<QueryAnswer> {
    if (open.hasFailed) throw new Error('A statement of this transaction has failed; it can only be rolled back');
    try {
      return await open.session.call(command);
    } catch (error) {
      open.hasFailed = true;
      throw error;
    }
  }

  // biome-ignore lint/correctness/useYield: a result comes whole; the interface asks for a generator.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows are not streamed: ask for them page by page');
  }

  async begin(): Promise<void> {
    await this.#catchUp();
    const endTurn = await this.#lanes.turns.take();
    try {
      const session = this.#lanes.writer.session();
      await session.call(['begin']);
      this.#transaction = { session, endTurn, hasFailed: false };
    } catch (error) {
      endTurn();
      throw error;
    }
  }

  async commit(): Promise<void> {
    if (this.#transaction?.hasFailed) {
      await this.rollback();
      // Kysely's word for a COMMIT that was answered by a rollback: it does not roll back again.
      throw new AbortedTransactionError();
    }
    await this.#end('commit');
  }

  async rollback(): Promise<void> {
    // When the thread has died, the transaction died with it: there is nothing left to undo.
    await this.#end('rollback').catch(() => {});
  }

  async #end(how: 'commit' | 'rollback'): Promise<void> {
    const open = this.#transaction;
    // After a failed COMMIT the transaction is gone already, and so is the rollback that follows it.
    if (open === undefined) return;
    try {
      await open.session.call([how]);
    } finally {
      this.#transaction = undefined;
      open.endTurn();
    }
  }
}

class LaneDriver implements Driver {
  readonly #lanes: Lanes;
  readonly #catchUp: CatchUp;

  constructor(lanes: Lanes, catchUp: CatchUp) {
    this.#lanes = lanes;
    this.#catchUp = catchUp;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<LaneConnection> {
    return new LaneConnection(this.#lanes, this.#catchUp);
  }

  async beginTransaction(connection: LaneConnection): Promise<void> {
    await connection.begin();
  }

  async commitTransaction(connection: LaneConnection): Promise<void> {
    await connection.commit();
  }

  async rollbackTransaction(connection: LaneConnection): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class LaneAdapter extends SqliteAdapter {
  // The turns keep writers apart; reads need not wait for them.
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/** Makes every table STRICT, so that a text in a column of integers is an error here as it is on PostgreSQL. */
class StrictQueryCompiler extends SqliteQueryCompiler {
  protected override visitCreateTable(node: CreateTableNode): void {
    super.visitCreateTable(node);
    if (node.selectQuery === undefined) this.append(node.endModifiers?.length ? ', strict' : ' strict');
  }
}

/**
 * Kysely's dialect over the two threads: SELECTs outside of transactions go to the reader, everything else to the
 * writer, one transaction at a time.
 */
export const createLaneDialect = (lanes: Lanes, catchUp: CatchUp): Dialect => ({
  createAdapter: () => new LaneAdapter(),
  createDriver: () => new LaneDriver(lanes, catchUp),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new StrictQueryCompiler(),
});
