import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import {
  type Directory,
  getDirectory,
  listDirectories,
  listDirectoryChanges,
  listDirectoryMappings,
  listDirectoryRequests,
  listDirectorySyncs,
  listDirectoryTokens,
  listHeldRemovals,
  previewDirectorySync,
} from '../../directory/contract.ts';
import { call } from './client.ts';

const of = (directoryId: string) => ({ params: { directory_id: directoryId } });
const SHOWN = 50;

/** Whoever sets an identity provider up looks here for what has arrived. */
const FRESH_MS = 5000;

/** Every directory that an identity provider pushes into, kept current. */
export const directoriesQuery = queryOptions({
  queryKey: ['directories'],
  queryFn: () => call(listDirectories),
  refetchInterval: FRESH_MS,
});

/** One directory, kept current. */
export const directoryQuery = (id: string) =>
  queryOptions({
    queryKey: ['directories', id],
    queryFn: () => call(getDirectory, of(id)),
    refetchInterval: FRESH_MS,
  });

/** Reads again what follows from a directory's people whenever it says that they have changed. */
export const useFollowedDirectory = ({ id, ...directory }: Directory): void => {
  const client = useQueryClient();
  const { last_synced_at, user_count, group_count, held_removal_count } = directory;
  const state = JSON.stringify([last_synced_at, user_count, group_count, held_removal_count]);
  const seen = useRef(state);
  useEffect(() => {
    if (seen.current === state) return;
    seen.current = state;
    for (const part of ['plan', 'syncs', 'removals'])
      void client.invalidateQueries({ queryKey: ['directories', id, part] });
  }, [client, id, state]);
};

/** The tokens of a directory, newest first, with when each was used last. */
export const directoryTokensQuery = (id: string) =>
  queryOptions({
    queryKey: ['directories', id, 'tokens'],
    queryFn: () => call(listDirectoryTokens, of(id)),
    refetchInterval: FRESH_MS,
  });

/** What the groups of a directory mean. */
export const directoryMappingsQuery = (id: string) =>
  queryOptions({ queryKey: ['directories', id, 'mappings'], queryFn: () => call(listDirectoryMappings, of(id)) });

/** The removals of a directory that wait, the first thousand. */
export const heldRemovalsQuery = (id: string) =>
  queryOptions({
    queryKey: ['directories', id, 'removals'],
    queryFn: () => call(listHeldRemovals, { ...of(id), query: { limit: 1000 } }),
  });

/** What the next sync would do; read when somebody asks. */
export const directoryPlanQuery = (id: string) =>
  queryOptions({ queryKey: ['directories', id, 'plan'], queryFn: () => call(previewDirectorySync, of(id)) });

/** The last syncs of a directory. */
export const directorySyncsQuery = (id: string) =>
  queryOptions({
    queryKey: ['directories', id, 'syncs'],
    queryFn: () => call(listDirectorySyncs, { ...of(id), query: { limit: SHOWN } }),
  });

/** What one sync has changed, the first thousand changes. */
export const directoryChangesQuery = (id: string, syncId: string) =>
  queryOptions({
    queryKey: ['directories', id, 'syncs', syncId],
    queryFn: () =>
      call(listDirectoryChanges, { params: { directory_id: id, sync_id: syncId }, query: { limit: 1000 } }),
  });

/** The last requests of the identity provider, or the last that failed, kept current. */
export const directoryRequestsQuery = (id: string, failed: boolean) =>
  queryOptions({
    queryKey: ['directories', id, 'requests', failed],
    // The contract reads a word; `true` itself is what it becomes.
    queryFn: () => call(listDirectoryRequests, { ...of(id), query: { limit: SHOWN, ...(failed ? { failed } : {}) } }),
    refetchInterval: FRESH_MS,
  });
