import { sql } from 'kysely';
import type { Migration } from '../../platform/index.ts';

/** The accounts that count every request, as expressions over its row (`r`), and which rows have one. */
const STANDING = [
  ["'organization'", 'r.id IS NOT NULL'],
  ["'user:' || r.user_id", 'r.user_id IS NOT NULL'],
  ["'service:' || r.group_id", 'r.user_id IS NULL AND r.group_id IS NOT NULL'],
  ["'key:' || r.api_key_id", 'r.api_key_id IS NOT NULL'],
  ["'workspace:' || r.workspace_id", 'r.workspace_id IS NOT NULL'],
  ["'model:' || r.model_id", 'r.model_id IS NOT NULL'],
] as const;

export const ledgerMigrations: readonly Migration[] = [
  {
    name: 'spend-002-ledger',
    up: async (database, { text, integer, inKeyOrder }) => {
      const { schema } = database;
      await schema
        .createTable('reservations')
        .addColumn('request_id', text, (column) => column.primaryKey())
        .addColumn('node', text, (column) => column.notNull())
        .addColumn('reserved_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('day', integer, (column) => column.notNull())
        .addColumn('amount_micros', integer, (column) => column.notNull())
        .addColumn('included_room_micros', integer, (column) => column.notNull())
        .addColumn('accounts', text, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
      await schema.createIndex('reservations_by_expiry').on('reservations').column('expires_at').execute();
      await schema
        .createTable('spend_counters')
        .addColumn('account', text, (column) => column.notNull())
        .addColumn('day', integer, (column) => column.notNull())
        .addColumn('open_micros', integer, (column) => column.notNull())
        .addColumn('settled_micros', integer, (column) => column.notNull())
        .addPrimaryKeyConstraint('spend_counters_key', ['account', 'day'])
        .modifyEnd(inKeyOrder)
        .execute();
      await schema.createIndex('spend_counters_by_day').on('spend_counters').columns(['day', 'account']).execute();
      // What was spent before there was a ledger counts in it too.
      for (const [account, condition] of STANDING)
        await sql`
          INSERT INTO spend_counters (account, day, open_micros, settled_micros)
          SELECT ${sql.raw(account)}, r.started_at / 86400000, 0, CAST(SUM(u.cost_micros) AS bigint)
          FROM requests r JOIN usage u ON u.request_id = r.id
          WHERE u.cost_micros > 0 AND ${sql.raw(condition)}
          GROUP BY 1, 2`.execute(database);
      // Null where nothing was reserved: no limit stood on the request.
      await schema.alterTable('usage').addColumn('settled_as', text).execute();
      // What of the cost counted against limits; null is all of it.
      await schema.alterTable('usage').addColumn('credits_micros', integer).execute();
    },
  },
  {
    name: 'spend-003-expiry',
    up: async (database) => {
      // Every request wrote to it, though nearly all are held for an hour, and the time in their ids says when that is over.
      await database.schema.dropIndex('reservations_by_expiry').execute();
      await sql`
        CREATE INDEX reservations_of_other_lengths ON reservations (expires_at)
        WHERE expires_at <> reserved_at + 3600000`.execute(database);
    },
  },
  {
    name: 'spend-004-held-accounts',
    up: async ({ schema }, { text, inKeyOrder }) => {
      await schema
        .createTable('held_accounts')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('accounts', text, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
    },
  },
];
