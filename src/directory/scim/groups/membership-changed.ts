import type { ScimGroup } from '../store/group-store.ts';
import { mappingStore } from '../store/mapping-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { reconcile } from '../sync/reconcile.ts';

const IDS_PER_ACTIVITY = 1000;

type Changed = { readonly added: readonly string[]; readonly removed: readonly string[] };

/** Tells the nodes and the feed whose membership changed, and does what follows from it where groups map to roles. */
export const membershipChanged = async (work: Work, group: ScimGroup, { added, removed }: Changed): Promise<void> => {
  const { deps, sql, by, directory } = work;
  const touched = [...added, ...removed];
  if (touched.length === 0) return;
  await deps.changePolicy(sql, ...touched.map((id) => ({ entity: 'member' as const, id })));
  await deps.record(
    sql,
    by,
    ...inChunks(added).map((ids) => ({ type: 'group_member_added' as const, group_id: group.id, member_ids: ids })),
    ...inChunks(removed).map((ids) => ({ type: 'group_member_removed' as const, group_id: group.id, member_ids: ids })),
  );
  const name = String(group.resource.get('displayName'));
  const change = (kind: 'members_added' | 'members_removed', ids: readonly string[]) =>
    ids.length === 0 ? [] : [{ kind, groupId: group.id, people: ids.length, detail: name, ...oneOf(ids) }];
  await noteChanges(work, ...change('members_added', added), ...change('members_removed', removed));
  const mappings = mappingStore(sql);
  const decidesRoles = directory.maps_roles === 1 && (await mappings.isMapped(group.id, 'organization_role'));
  if (decidesRoles || (await mappings.isMapped(group.id, 'seat_type'))) await reconcile(work, touched);
};

const oneOf = (ids: readonly string[]): { readonly userId?: string } => {
  const [only, ...others] = ids;
  return only === undefined || others.length > 0 ? {} : { userId: only };
};

const inChunks = (ids: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(ids.length / IDS_PER_ACTIVITY) }, (_, at) =>
    ids.slice(at * IDS_PER_ACTIVITY, (at + 1) * IDS_PER_ACTIVITY),
  );
