import type { DirectoryDeps } from '../deps.ts';
import type { Tables } from './tables.ts';

const DAY_MS = 24 * 3600 * 1000;

/** Requests are for finding a mistake, changes for looking back at a sync. What happened to people stays in the feed. */
const KEPT_MS = { requests: 14 * DAY_MS, changes: 180 * DAY_MS } as const;

/** Deletes the log of requests after a fortnight, and what syncs have changed after half a year. */
export const forgetOldSyncs = async ({ database, now }: Pick<DirectoryDeps, 'database' | 'now'>): Promise<void> => {
  const tables = database.tables<Tables>();
  await tables
    .deleteFrom('scim_requests')
    .where('at', '<', now() - KEPT_MS.requests)
    .execute();
  const before = now() - KEPT_MS.changes;
  await tables.deleteFrom('scim_changes').where('at', '<', before).execute();
  await tables.deleteFrom('scim_syncs').where('last_at', '<', before).execute();
  await tables.deleteFrom('scim_removals').where('decided_at', '<', before).execute();
};
