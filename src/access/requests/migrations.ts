import { type Kysely, sql } from 'kysely';
import type { ColumnTypes, Migration } from '../../platform/index.ts';
import { kindIdOf } from './request-kind.ts';

/** The columns as they are when this step is taken; later steps change neither them nor what it makes of them. */
const LOG_COLUMNS = [
  'id',
  'started_at',
  'user_id',
  'session_id',
  'agent_id',
  'parent_agent_id',
  'body_bytes',
  'policy_version',
] as const;

const KIND_COLUMNS = [
  'node',
  'endpoint',
  'group_id',
  'api_key_id',
  'client',
  'stream',
  'effect',
  'reason',
  'model_asked',
  'model_used',
  'model_id',
  'effort_asked',
  'effort_used',
  'effort_cap',
  'findings',
  'wanted',
  'workspace_id',
] as const;

type Value = string | number | null;
type Columns<Names extends string> = { [Name in Names]: Value };
type KindColumns = Columns<(typeof KIND_COLUMNS)[number]>;
type LogColumns = Columns<Exclude<(typeof LOG_COLUMNS)[number], 'id'>> & { id: string };
type Tables = {
  requests: LogColumns & KindColumns;
  request_kinds: KindColumns & { id: string };
  request_log: LogColumns & { kind_id: string };
};

const createTables = async ({ schema }: Kysely<Tables>, { text, integer, inKeyOrder }: ColumnTypes): Promise<void> => {
  await schema
    .createTable('request_kinds')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('node', text, (column) => column.notNull())
    .addColumn('endpoint', text, (column) => column.notNull())
    .addColumn('group_id', text)
    .addColumn('api_key_id', text, (column) => column.notNull())
    .addColumn('client', text)
    .addColumn('stream', integer, (column) => column.notNull())
    .addColumn('effect', text, (column) => column.notNull())
    .addColumn('reason', text)
    .addColumn('model_asked', text, (column) => column.notNull())
    .addColumn('model_used', text)
    .addColumn('model_id', text)
    .addColumn('effort_asked', text)
    .addColumn('effort_used', text)
    .addColumn('effort_cap', text)
    .addColumn('findings', text, (column) => column.notNull())
    .addColumn('wanted', text, (column) => column.notNull())
    .addColumn('workspace_id', text)
    .execute();
  await schema
    .createTable('request_log')
    .addColumn('id', text, (column) => column.primaryKey())
    .addColumn('started_at', integer, (column) => column.notNull())
    .addColumn('kind_id', text, (column) => column.notNull())
    .addColumn('user_id', text)
    .addColumn('session_id', text)
    .addColumn('agent_id', text)
    .addColumn('parent_agent_id', text)
    .addColumn('body_bytes', integer, (column) => column.notNull())
    .addColumn('policy_version', integer, (column) => column.notNull())
    .modifyEnd(inKeyOrder)
    .execute();
};

/** Rows per statement: SQLite takes 32,766 parameters, nine of them for each. */
const PAGE = 2000;

/** Kinds that are remembered to be there, so that they are not offered again with each page. */
const REMEMBERED_MAX = 50_000;

/** Copies the requests in pages, so that there may be any number of them. */
const copyRequests = async (tables: Kysely<Tables>): Promise<void> => {
  const remembered = new Set<string>();
  let after = '';
  for (;;) {
    const rows = await tables
      .selectFrom('requests')
      .select([...LOG_COLUMNS, ...KIND_COLUMNS])
      .where('id', '>', after)
      .orderBy('id')
      .limit(PAGE)
      .execute();
    if (rows.length === 0) return;
    await copyPage(tables, rows, remembered);
    if (remembered.size > REMEMBERED_MAX) remembered.clear();
    after = rows.at(-1)?.id ?? after;
  }
};

const copyPage = async (
  tables: Kysely<Tables>,
  rows: readonly Tables['requests'][],
  remembered: Set<string>,
): Promise<void> => {
  const kinds: Tables['request_kinds'][] = [];
  const log: Tables['request_log'][] = [];
  for (const row of rows) {
    const { id, started_at, user_id, session_id, agent_id, parent_agent_id, body_bytes, policy_version, ...kind } = row;
    const kind_id = kindIdOf(KIND_COLUMNS.map((column) => row[column]));
    log.push({ id, started_at, kind_id, user_id, session_id, agent_id, parent_agent_id, body_bytes, policy_version });
    if (remembered.has(kind_id)) continue;
    remembered.add(kind_id);
    kinds.push({ id: kind_id, ...kind });
  }
  for (let at = 0; at < kinds.length; at += KINDS_PER_STATEMENT)
    await tables
      .insertInto('request_kinds')
      .values(kinds.slice(at, at + KINDS_PER_STATEMENT))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await tables.insertInto('request_log').values(log).execute();
};

const KINDS_PER_STATEMENT = 1000;

/** What many requests have in common is stored once, and `requests` shows both as the one row it was. */
export const requestMigrations: readonly Migration[] = [
  {
    name: 'access-request-kinds',
    up: async (database, types) => {
      const tables = database as Kysely<Tables>;
      await createTables(tables, types);
      await copyRequests(tables);
      // Ids sort by time, so the primary key serves "newest first"; a member's own list needs this one.
      await tables.schema.createIndex('request_log_user').on('request_log').columns(['user_id', 'id']).execute();
      await tables.schema.dropTable('requests').execute();
      // Whoever asks next is answered by the size these tables have, not by a guess.
      for (const table of ['request_log', 'request_kinds']) await sql`ANALYZE ${sql.table(table)}`.execute(database);
      // SQLite takes the tables of a CROSS JOIN in this order: a request first, then its kind, whatever else is joined.
      await sql`
        CREATE VIEW requests AS
        SELECT l.id, l.started_at, k.node, k.endpoint, l.user_id, k.group_id, k.api_key_id, k.client, l.session_id,
               l.agent_id, l.parent_agent_id, k.stream, l.body_bytes, k.effect, k.reason, k.model_asked, k.model_used,
               k.model_id, k.effort_asked, k.effort_used, k.effort_cap, l.policy_version, k.findings, k.wanted,
               k.workspace_id
        FROM request_log l CROSS JOIN request_kinds k WHERE k.id = l.kind_id`.execute(database);
    },
  },
];
