import type { Sql } from '../../platform/index.ts';
import type { DirectoryTables } from '../tables.ts';

/** Where the organisation's rules about membership live. */
export const memberSettingsStore = (sql: Sql) => {
  const tables = sql.tables<DirectoryTables>();
  return {
    /** The only domains members may come from; null for any. */
    readAllowedDomains: async (): Promise<readonly string[] | null> => {
      const row = await tables.selectFrom('member_settings').select('allowed_email_domains').executeTakeFirstOrThrow();
      return row.allowed_email_domains === null ? null : (JSON.parse(row.allowed_email_domains) as string[]);
    },
    writeAllowedDomains: async (domains: readonly string[] | null): Promise<void> => {
      await tables
        .updateTable('member_settings')
        .set({ allowed_email_domains: domains === null ? null : JSON.stringify(domains) })
        .execute();
    },
  };
};
