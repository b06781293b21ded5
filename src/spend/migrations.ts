import type { Migration } from '../platform/index.ts';
import { requestMigrations } from './increase-requests/migrations.ts';
import { ledgerMigrations } from './ledger/migrations.ts';
import { limitMigrations } from './limits/migrations.ts';
import { prepaidMigrations } from './limits/prepaid/migrations.ts';
import { monthMigrations } from './months/migrations.ts';
import { noticeMigrations } from './notices/migrations.ts';
import { priceMigrations } from './prices/migrations.ts';
import { rateMigrations } from './rates/migrations.ts';

/** The room's schema, step by step. */
export const spendMigrations: readonly Migration[] = [
  {
    name: 'spend-001-usage',
    up: async ({ schema }, { text, integer, real, inKeyOrder }) => {
      await schema
        .createTable('usage')
        .addColumn('request_id', text, (column) => column.primaryKey())
        .addColumn('ended_at', integer, (column) => column.notNull())
        .addColumn('upstream', text)
        .addColumn('upstream_request_id', text)
        .addColumn('status', integer)
        .addColumn('outcome', text, (column) => column.notNull())
        .addColumn('stop_reason', text)
        .addColumn('model_answered', text)
        .addColumn('input_tokens', integer, (column) => column.notNull())
        .addColumn('output_tokens', integer, (column) => column.notNull())
        .addColumn('thinking_tokens', integer, (column) => column.notNull())
        .addColumn('cache_write_5m_tokens', integer, (column) => column.notNull())
        .addColumn('cache_write_1h_tokens', integer, (column) => column.notNull())
        .addColumn('cache_read_tokens', integer, (column) => column.notNull())
        .addColumn('web_searches', integer, (column) => column.notNull())
        .addColumn('web_fetches', integer, (column) => column.notNull())
        .addColumn('speed', text, (column) => column.notNull())
        .addColumn('geo', text)
        .addColumn('service_tier', text)
        .addColumn('cost_micros', integer, (column) => column.notNull())
        .addColumn('estimated', integer, (column) => column.notNull())
        .addColumn('priced', integer, (column) => column.notNull())
        .addColumn('price_book', text, (column) => column.notNull())
        .addColumn('first_byte_ms', real)
        .addColumn('total_ms', real, (column) => column.notNull())
        .modifyEnd(inKeyOrder)
        .execute();
    },
  },
  ...noticeMigrations,
  ...ledgerMigrations,
  ...limitMigrations,
  ...rateMigrations,
  ...requestMigrations,
  ...prepaidMigrations,
  ...priceMigrations,
  ...monthMigrations,
];
