import type { Sql } from '../../../platform/index.ts';
import type { Tables } from '../tables.ts';

/** Remembers whether a member is suspended because the identity provider said so; only then it can restore them. */
export const markSuspendedHere = async (sql: Sql, userId: string, isSuspendedHere: boolean): Promise<void> => {
  await sql
    .tables<Tables>()
    .updateTable('scim_users')
    .set({ is_suspended_here: isSuspendedHere ? 1 : 0 })
    .where('user_id', '=', userId)
    .execute();
};
