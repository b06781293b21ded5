import { type Following, followPolicy, readChangesSince, readPolicyVersion } from '../../directory/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import type { RateRules } from './rules/rate-rules.ts';
import { rateStore } from './store.ts';

/** The tier and limits in force on this node, in memory. */
export type RatePolicy = Following & { current(): RateRules };

/** Reads tier and limits and keeps them up to date. `changed` runs after each swap. */
export const openRatePolicy = async (options: {
  readonly database: Database;
  readonly log: Log;
  readonly changed: () => void;
}): Promise<RatePolicy> => {
  const { database, log, changed } = options;
  let version = await readPolicyVersion(database);
  let rules = await rateStore(database).readRules();

  const readOnce = async (): Promise<void> => {
    const news = await readChangesSince(database, version);
    if (news.everything || news.changes.some(({ entity }) => entity === 'rates')) {
      rules = await rateStore(database).readRules();
      changed();
    }
    version = news.version;
  };

  const following = await followPolicy({ database, log, what: 'the rate limits', readOnce });
  return { ...following, current: () => rules };
};
