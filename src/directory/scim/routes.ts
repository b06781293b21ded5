import { cursorPage, type Route, readCursor, route, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import * as contract from './contract.ts';
import { approveRemovals, rejectRemovals } from './directories/decide-removals.ts';
import { describeDirectory, describePlan, describeToken } from './directories/describe.ts';
import { listChanges, listRemovals, listRequests, listSyncs } from './directories/list-records.ts';
import { createDirectory, deleteDirectory, findDirectory, updateDirectory } from './directories/manage-directory.ts';
import { addMapping, listMappings, removeMapping, type ShownMapping } from './directories/manage-mappings.ts';
import { revokeToken, rotateToken } from './directories/manage-tokens.ts';
import { planSync } from './directories/plan-sync.ts';
import { runSync } from './directories/run-sync.ts';
import { SCIM_PATH } from './http/handle.ts';
import { type Directory, directoryStore } from './store/directory-store.ts';
import type { Behind } from './store/sync-store.ts';

/** Binds the endpoints by which administrators manage directories. */
export const scimRoutes = (deps: DirectoryDeps, publicUrl: () => string): readonly Route[] => [
  ...directoryRoutes(deps, publicUrl),
  ...tokenRoutes(deps),
  ...mappingRoutes(deps),
  ...syncRoutes(deps),
  ...recordRoutes(deps),
];

const directoryRoutes = (deps: DirectoryDeps, publicUrl: () => string): readonly Route[] => {
  const { database } = deps;
  const describe = (directory: Directory) => describeDirectory(database, directory, publicUrl() + SCIM_PATH);
  return [
    route(contract.listDirectories, async () => {
      const directories = await directoryStore(database).list();
      return { data: await Promise.all(directories.map(describe)) };
    }),
    route(contract.createDirectory, async ({ body: { kind: _, ...settings }, by }) => {
      const { directory, token } = await createDirectory(deps)(settings, by);
      return { ...(await describe(directory)), token };
    }),
    route(contract.getDirectory, async ({ params }) => describe(await findDirectory(database, params.directory_id))),
    route(contract.updateDirectory, async ({ params, body, by }) =>
      describe(await updateDirectory(deps)(params.directory_id, body, by)),
    ),
    route(contract.deleteDirectory, async ({ params, by }) => {
      await deleteDirectory(deps)(params.directory_id, by);
      return { id: params.directory_id, type: 'directory_deleted' as const };
    }),
  ];
};

const tokenRoutes = (deps: DirectoryDeps): readonly Route[] => [
  route(contract.listDirectoryTokens, async ({ params }) => {
    await findDirectory(deps.database, params.directory_id);
    const tokens = await directoryStore(deps.database).tokens(params.directory_id);
    return { data: tokens.map((token) => describeToken(token, deps.now())) };
  }),
  route(contract.rotateDirectoryToken, async ({ params, body, by }) => {
    const { row, token } = await rotateToken(deps)(params.directory_id, body.overlap_hours, by);
    return { ...describeToken(row, deps.now()), token };
  }),
  route(contract.revokeDirectoryToken, async ({ params, by }) => {
    await revokeToken(deps)(params.directory_id, params.token_id, by);
    return { id: params.token_id, type: 'directory_token_revoked' as const };
  }),
];

const mappingToWire = ({ id, groupId, groupName, kind, value }: ShownMapping): contract.DirectoryMapping => ({
  id,
  type: 'directory_mapping',
  rbac_group_id: groupId,
  group_name: groupName,
  kind,
  value,
});

const mappingRoutes = (deps: DirectoryDeps): readonly Route[] => [
  route(contract.listDirectoryMappings, async ({ params }) => ({
    data: (await listMappings(deps.database, params.directory_id)).map(mappingToWire),
  })),
  route(contract.addDirectoryMapping, async ({ params, body: { rbac_group_id: groupId, kind, value }, by }) =>
    mappingToWire(await addMapping(deps)(params.directory_id, { groupId, kind, value }, by)),
  ),
  route(contract.removeDirectoryMapping, async ({ params, by }) => {
    await removeMapping(deps)(params.directory_id, params.mapping_id, by);
    return { id: params.mapping_id, type: 'directory_mapping_deleted' as const };
  }),
];

const syncRoutes = (deps: DirectoryDeps): readonly Route[] => [
  route(contract.previewDirectorySync, async ({ params }) => {
    const directory = await findDirectory(deps.database, params.directory_id);
    return describePlan(await planSync(deps.database, directory, deps.now()));
  }),
  route(contract.syncDirectory, async ({ params, body, by }) => {
    const result = await runSync(deps)(params.directory_id, body.approve_removals, by);
    const { additions, changes, removals, heldCount } = result;
    return { type: 'directory_sync_result' as const, additions, changes, removals, held_removal_count: heldCount };
  }),
  route(contract.approveRemovals, async ({ params, body, by }) => ({
    type: 'held_removals_decided' as const,
    count: await approveRemovals(deps)(params.directory_id, body.removal_ids, by),
  })),
  route(contract.rejectRemovals, async ({ params, body, by }) => ({
    type: 'held_removals_decided' as const,
    count: await rejectRemovals(deps)(params.directory_id, body.removal_ids, by),
  })),
];

type Page = { readonly limit: number; readonly page?: string | undefined };

const recordRoutes = ({ database }: DirectoryDeps): readonly Route[] => [
  route(contract.listDirectorySyncs, ({ params: { directory_id: id }, query }) =>
    pageOf(database, { id, list: 'syncs', query }, (window) => listSyncs(database, id, window)),
  ),
  route(contract.listDirectoryChanges, ({ params: { directory_id: id, sync_id: syncId }, query }) =>
    pageOf(database, { id, list: syncId, query }, (window) =>
      listChanges(database, { directoryId: id, syncId }, window),
    ),
  ),
  route(contract.listHeldRemovals, ({ params: { directory_id: id }, query }) =>
    pageOf(database, { id, list: 'removals', query }, (window) => listRemovals(database, id, window)),
  ),
  route(contract.listDirectoryRequests, ({ params: { directory_id: id }, query }) => {
    const isFailed = query.failed === true;
    return pageOf(database, { id, list: `requests ${isFailed}`, query }, (window) =>
      listRequests(database, id, { ...window, isFailed }),
    );
  }),
];

/** A page of one of a directory's lists, whose rows stand in the order of their ids. */
const pageOf = async <Item extends { readonly id: string }>(
  sql: Sql,
  { id, list, query }: { readonly id: string; readonly list: string; readonly query: Page },
  read: (window: Behind) => Promise<readonly Item[]>,
) => {
  await findDirectory(sql, id);
  const filters = ['directory', id, list];
  const [afterId] = readCursor(query.page, filters) ?? [];
  const rows = await read({ limit: query.limit, afterId });
  return cursorPage(rows, { limit: query.limit, filters }, { toItem: (item) => item, positionOf: (item) => [item.id] });
};
