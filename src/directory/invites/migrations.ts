import type { Kysely } from 'kysely';
import type { Migration } from '../../platform/index.ts';
import type { InviteTables } from './tables.ts';

/** What the invites' part adds to the room's schema. */
export const inviteMigrations: readonly Migration[] = [
  {
    name: 'directory-invites-001',
    up: async (database, { text, integer }) => {
      const { schema } = database;
      await schema
        .createTable('invites')
        .addColumn('id', text, (column) => column.primaryKey())
        .addColumn('email', text, (column) => column.notNull())
        .addColumn('email_key', text, (column) => column.notNull())
        .addColumn('role', text, (column) => column.notNull())
        .addColumn('rbac_group_ids', text, (column) => column.notNull())
        .addColumn('secret_hash', text, (column) => column.notNull().unique())
        .addColumn('invited_by', text)
        .addColumn('invited_at', integer, (column) => column.notNull())
        .addColumn('expires_at', integer, (column) => column.notNull())
        .addColumn('accepted_at', integer)
        .addColumn('deleted_at', integer)
        .execute();
      await schema.createIndex('invites_email').on('invites').column('email_key').execute();
      await schema
        .createTable('member_settings')
        .addColumn('singleton', integer, (column) => column.primaryKey())
        .addColumn('allowed_email_domains', text)
        .execute();
      await (database as Kysely<InviteTables>)
        .insertInto('member_settings')
        .values({ singleton: 1, allowed_email_domains: null })
        .execute();
    },
  },
];
