import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, Log } from '../platform/index.ts';
import { POLICY_CHANNEL } from './policy-changes.ts';

// The net under the notification: a node that missed one still learns of a change within a second.
const POLL_MS = 500;

/** What keeps something in memory as the policy is. */
export type Following = {
  /** Resolves when the node has read everything that was committed before the call. */
  refresh(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Calls `readOnce` whenever the policy may have changed: told of changes at once, asking twice a second in any case. Two
 * readings never run at a time. `what` names, for the log, what could not be reread.
 */
export const followPolicy = async (options: {
  readonly database: Database;
  readonly log: Log;
  readonly what: string;
  readonly readOnce: () => Promise<void>;
}): Promise<Following> => {
  const { database, log, what, readOnce } = options;
  let reading: Promise<void> | undefined;
  let isStale = false;

  const readUntilFresh = async (): Promise<void> => {
    try {
      do {
        // Whoever asks in this turn of the event loop shares the reading: the notification, and who made the change.
        await nextTurn();
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
    refresh().catch((error: unknown) => log.error({ err: error }, `${what} could not be reread; trying again`));
  };

  const stopListening = await database.listen(POLICY_CHANNEL, refreshQuietly);
  const poll = setInterval(refreshQuietly, POLL_MS);
  poll.unref();

  return {
    refresh,
    close: async () => {
      clearInterval(poll);
      await stopListening();
      await reading?.catch(() => undefined);
    },
  };
};
