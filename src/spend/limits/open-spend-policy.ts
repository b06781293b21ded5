import { POLICY_CHANNEL, readChangesSince, readPolicyVersion } from '../../directory/index.ts';
import type { Database, Log } from '../../platform/index.ts';
import { createBoundsCache } from './bounds-cache.ts';
import { type LimitState, readLimitState, rereadLimitState } from './read-rules.ts';
import type { SpendPolicy } from './spend-policy.ts';

// The net under the notification: a node that missed one still learns of a change within a second.
const POLL_MS = 500;

/** Reads the limits and keeps them up to date: told of changes at once, asking twice a second in any case. */
export const openSpendPolicy = async ({ database, log }: { readonly database: Database; readonly log: Log }) => {
  let version = await readPolicyVersion(database);
  let state = await readLimitState(database);
  let boundsOf = createBoundsCache(state.rules);
  let reading: Promise<void> | undefined;
  let isStale = false;

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

  const readUntilFresh = async (): Promise<void> => {
    try {
      do {
        isStale = false;
        await readOnce();
      } while (isStale);
    } finally {
      // In the same step as the last look at `isStale`: whoever asks from now on starts a reading of their own.
      reading = undefined;
    }
  };

  const refresh = (): Promise<void> => {
    isStale = true;
    reading ??= readUntilFresh();
    return reading;
  };

  const refreshQuietly = () => {
    refresh().catch((error: unknown) => log.error({ err: error }, 'the limits could not be reread; trying again'));
  };

  const stopListening = await database.listen(POLICY_CHANNEL, refreshQuietly);
  const poll = setInterval(refreshQuietly, POLL_MS);
  poll.unref();

  const policy: SpendPolicy = {
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
    close: async () => {
      clearInterval(poll);
      await stopListening();
      await reading?.catch(() => undefined);
    },
  };
  return policy;
};
