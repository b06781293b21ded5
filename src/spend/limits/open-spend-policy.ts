import { followPolicy, readChangesSince, readPolicyVersion } from '../../directory/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import { createBoundsCache } from './bounds-cache.ts';
import { type LimitState, readLimitState, rereadLimitState } from './read-rules.ts';
import type { SpendPolicy } from './spend-policy.ts';

/** Reads the limits and keeps them up to date. */
export const openSpendPolicy = async (options: {
  readonly database: Database;
  readonly log: Log;
}): Promise<SpendPolicy> => {
  const { database, log } = options;
  let version = await readPolicyVersion(database);
  let state = await readLimitState(database);
  let boundsOf = createBoundsCache(state.rules);

  const swap = (next: LimitState): void => {
    state = next;
    boundsOf = createBoundsCache(next.rules);
  };

  const readOnce = async (): Promise<void> => {
    const news = await readChangesSince(database, version);
    if (news.everything) swap(await readLimitState(database));
    else {
      const ids = new Set(news.changes.filter(({ entity }) => entity === 'spend').map(({ id }) => id));
      if (ids.size > 0) swap(await rereadLimitState(database, state, ids));
    }
    version = news.version;
  };

  const { refresh, close } = await followPolicy({ database, log, what: 'the limits', readOnce });
  return {
    boundsOf: (spender) => boundsOf(spender),
    get outage() {
      return state.settings.outage;
    },
    get rules() {
      return state.rules;
    },
    get settings() {
      return state.settings;
    },
    refresh,
    close,
  };
};
