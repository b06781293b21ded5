import { POLICY_CHANNEL, readChangesSince, readPolicyVersion } from '../directory/index.ts';
import type { Database, Log } from '../platform/index.ts';
import type { Model } from './rules/model.ts';
import { readSnapshot, rereadSnapshot, type Snapshot } from './snapshot.ts';

// The net under the notification: a node that missed one still learns of a change within a second.
const POLL_MS = 500;

/** The policy in force on this node. */
export type Policy = {
  current(): Snapshot;
  /** Resolves when the node has read everything that was committed before the call. */
  refresh(): Promise<void>;
  /** Runs after each swap of the snapshot; answers the function that stops it. */
  onChange(listener: (snapshot: Snapshot) => void): () => void;
  close(): Promise<void>;
};

/** Reads the policy and keeps it up to date: told of changes at once, asking twice a second in any case. */
export const openPolicy = async (options: {
  readonly database: Database;
  readonly models: readonly Model[];
  readonly log: Log;
}): Promise<Policy> => {
  const { database, models, log } = options;
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let snapshot = await readSnapshot(database, await readPolicyVersion(database), models);
  let reading: Promise<void> | undefined;
  let isStale = false;

  const readOnce = async (): Promise<void> => {
    const news = await readChangesSince(database, snapshot.version);
    if (!news.everything && news.changes.length === 0) return;
    snapshot = news.everything
      ? await readSnapshot(database, news.version, models)
      : await rereadSnapshot(database, snapshot, { ...news, shipped: models });
    for (const listener of listeners) listener(snapshot);
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
    refresh().catch((error: unknown) => log.error({ err: error }, 'the policy could not be reread; trying again'));
  };

  const stopListening = await database.listen(POLICY_CHANNEL, refreshQuietly);
  const poll = setInterval(refreshQuietly, POLL_MS);
  poll.unref();

  return {
    current: () => snapshot,
    refresh,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      clearInterval(poll);
      await stopListening();
      await reading?.catch(() => undefined);
    },
  };
};
