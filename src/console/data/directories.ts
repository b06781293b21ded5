import { queryOptions } from '@tanstack/react-query';
import {
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

/** Every directory that an identity provider pushes into. */
export const directoriesQuery = queryOptions({ queryKey: ['directories'], queryFn: () => call(listDirectories) });

/** One directory. */
export const directoryQuery = (id: string) =>
  queryOptions({ queryKey: ['directories', id], queryFn: () => call(getDirectory, of(id)) });

/** The tokens of a directory, newest first. */
export const directoryTokensQuery = (id: string) =>
  queryOptions({ queryKey: ['directories', id, 'tokens'], queryFn: () => call(listDirectoryTokens, of(id)) });

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

/** The last requests of the identity provider, or the last that failed. */
export const directoryRequestsQuery = (id: string, failed: boolean) =>
  queryOptions({
    queryKey: ['directories', id, 'requests', failed],
    // The contract reads a word; `true` itself is what it becomes.
    queryFn: () => call(listDirectoryRequests, { ...of(id), query: { limit: SHOWN, ...(failed ? { failed } : {}) } }),
  });
