import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Snapshot } from './snapshot.ts';

/** How many groups carry a role, and how many members it reaches, directly or by their groups. */
export type RoleCounts = { readonly groups: number; readonly members: number };

type Counted = Pick<Snapshot, 'groups' | 'members'>;

export type CountAttachments = (snapshot: Counted) => Promise<(roleId: string) => RoleCounts>;

const NO_ATTACHMENTS: RoleCounts = { groups: 0, members: 0 };

/** So many members are looked at before others have their turn. */
const MEMBERS_PER_STEP = 2000;

/** `counted` is the member counted last: one whom a role reaches on several ways counts once. */
type Count = { groups: number; members: number; counted: string };

const countAll = async ({ groups, members }: Counted): Promise<ReadonlyMap<string, RoleCounts>> => {
  const counts = new Map<string, Count>();
  const countOf = (roleId: string): Count => {
    let count = counts.get(roleId);
    if (count === undefined) {
      count = { groups: 0, members: 0, counted: '' };
      counts.set(roleId, count);
    }
    return count;
  };
  const byGroup = new Map<string, readonly Count[]>();
  for (const { id, roleIds } of groups.values()) {
    const ofGroup = roleIds.map(countOf);
    for (const count of ofGroup) count.groups += 1;
    if (ofGroup.length > 0) byGroup.set(id, ofGroup);
  }
  const reach = (count: Count, memberId: string): void => {
    if (count.counted === memberId) return;
    count.counted = memberId;
    count.members += 1;
  };
  let looked = 0;
  for (const { id, roleIds, groupIds } of members.values()) {
    looked += 1;
    if (looked % MEMBERS_PER_STEP === 0) await nextTurn();
    for (const roleId of roleIds) reach(countOf(roleId), id);
    for (const groupId of groupIds) for (const count of byGroup.get(groupId) ?? []) reach(count, id);
  }
  return new Map([...counts].map(([id, count]) => [id, { groups: count.groups, members: count.members }]));
};

/**
 * Counts what roles are attached to, anew only when somebody's groups or roles have changed: it looks at every member, and pages ask for it
 * often.
 */
export const createCountAttachments = (): CountAttachments => {
  let known: { readonly of: Counted; readonly counts: ReturnType<typeof countAll> } | undefined;
  return async ({ groups, members }) => {
    if (known?.of.groups !== groups || known.of.members !== members)
      known = { of: { groups, members }, counts: countAll({ groups, members }) };
    const counts = await known.counts;
    return (roleId) => counts.get(roleId) ?? NO_ATTACHMENTS;
  };
};
