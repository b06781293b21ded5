import { type Following, followPolicy, readChangesSince, readPolicyVersion } from '../directory/index.ts';
import type { Database, Log } from '../platform/index.ts';
import type { Model } from './rules/model.ts';
import { readSnapshot, rereadSnapshot, type Snapshot } from './snapshot.ts';

/** The policy in force on this node. */
export type Policy = Following & {
  current(): Snapshot;
  /** Runs after each swap of the snapshot; answers the function that stops it. */
  onChange(listener: (snapshot: Snapshot) => void): () => void;
};

/** Reads the policy and keeps it up to date. */
export const openPolicy = async (options: {
  readonly database: Database;
  readonly models: readonly Model[];
  readonly log: Log;
}): Promise<Policy> => {
  const { database, models, log } = options;
  const listeners = new Set<(snapshot: Snapshot) => void>();
  let snapshot = await readSnapshot(database, await readPolicyVersion(database), models);

  const readOnce = async (): Promise<void> => {
    const news = await readChangesSince(database, snapshot.version);
    if (!news.everything && news.changes.length === 0) return;
    snapshot = news.everything
      ? await readSnapshot(database, news.version, models)
      : await rereadSnapshot(database, snapshot, { ...news, shipped: models });
    for (const listener of listeners) listener(snapshot);
  };

  const following = await followPolicy({ database, log, what: 'the policy', readOnce });
  return {
    ...following,
    current: () => snapshot,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
