import type { Database } from '../platform/index.ts';
import { activityStore } from './store.ts';

/** How long the feed goes back, as the Compliance API's does (§2.2): six years. */
const KEPT_MS = 6 * 365.25 * 24 * 3600 * 1000;

/** Deletes what has been in the feed for longer than it is kept. */
export const forgetOldActivities = (database: Database, now: number): Promise<void> =>
  activityStore(database).deleteBefore(now - KEPT_MS);
