import type { MemberChange } from '../rules/patch/operation.ts';
import { badRequest } from '../rules/scim-error.ts';
import { elementCondition } from '../store/filter-sql.ts';
import { memberRows } from '../store/group-places.ts';
import { type ScimGroup, scimGroupStore } from '../store/group-store.ts';
import { membershipStore } from '../store/membership-store.ts';
import type { Work } from '../sync/context.ts';
import { membershipChanged } from './membership-changed.ts';

/**
 * Adds and removes members as asked, in that order. Whoever is added must be a person of the directory (400
 * `invalidValue`, and nobody is added); removing somebody who is not in the group changes nothing. Answers whether
 * anything changed.
 */
export const changeMembers = async (
  work: Work,
  group: ScimGroup,
  changes: readonly MemberChange[],
): Promise<boolean> => {
  const wasIn = new Map<string, boolean>();
  for (const change of changes) {
    const { added, removed } = await changeOnce(work, group, change);
    for (const id of added) if (!wasIn.has(id)) wasIn.set(id, false);
    for (const id of removed) if (!wasIn.has(id)) wasIn.set(id, true);
  }
  const net = await netChange(work, group, wasIn);
  if (net.added.length + net.removed.length === 0) return false;
  await membershipChanged(work, group, net);
  return true;
};

type Changed = { readonly added: readonly string[]; readonly removed: readonly string[] };

const changeOnce = async (work: Work, group: ScimGroup, change: MemberChange): Promise<Changed> => {
  const memberships = membershipStore(work.sql);
  switch (change.kind) {
    case 'add':
      return { added: await add(work, group, change.ids), removed: [] };
    case 'remove':
      return { added: [], removed: await memberships.remove(group.id, change.ids) };
    case 'remove-matching': {
      const condition = elementCondition(change.filter, memberRows);
      const ids = await scimGroupStore(work.sql).membersMatching(group.id, condition);
      return { added: [], removed: await memberships.remove(group.id, ids) };
    }
    case 'replace': {
      const wanted = new Set(change.ids);
      const superfluous = (await memberships.idsOf(group.id)).filter((id) => !wanted.has(id));
      const added = await add(work, group, change.ids);
      return { added, removed: await memberships.remove(group.id, superfluous) };
    }
    default:
      return change satisfies never;
  }
};

const add = async ({ sql, deps, directory }: Work, group: ScimGroup, ids: readonly string[]) => {
  const memberships = membershipStore(sql);
  const unknown = await memberships.unknownTo(directory.id, ids);
  if (unknown.length > 0)
    throw badRequest('invalidValue', `members: there is no user with the id ${unknown.slice(0, 5).join(', ')}.`);
  return memberships.add(group.id, ids, deps.now());
};

/** What is different at the end, whatever came and went in between. `wasIn` says who was in the group before. */
const netChange = async ({ sql }: Work, group: ScimGroup, wasIn: ReadonlyMap<string, boolean>): Promise<Changed> => {
  const touched = [...wasIn.keys()];
  const isIn = new Set(await membershipStore(sql).among(group.id, touched));
  return {
    added: touched.filter((id) => isIn.has(id) && wasIn.get(id) === false),
    removed: touched.filter((id) => !isIn.has(id) && wasIn.get(id) === true),
  };
};
