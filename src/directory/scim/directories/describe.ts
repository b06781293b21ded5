import type { Sql } from '../../../platform/index.ts';
import { toWireTime } from '../../wire.ts';
import type * as contract from '../objects/contract.ts';
import type { Directory, DirectoryToken } from '../store/directory-store.ts';
import { scimGroupStore } from '../store/group-store.ts';
import { syncStore } from '../store/sync-store.ts';
import { scimUserStore } from '../store/user-store.ts';
import type { Pending } from '../sync/standing.ts';
import type { ChangeKind } from '../tables.ts';
import { domainsOf } from './manage-directory.ts';
import type { Plan } from './plan-sync.ts';

/** A directory as the endpoints show one. `base` is the address of the service. */
export const describeDirectory = async (sql: Sql, directory: Directory, base: string): Promise<contract.Directory> => {
  const syncs = syncStore(sql);
  const [last] = await syncs.listSyncs(directory.id, { limit: 1 });
  return {
    id: directory.id,
    type: 'directory',
    kind: 'scim',
    name: directory.name,
    mode: directory.mode,
    authoritative_domains: [...domainsOf(directory)],
    maps_roles: directory.maps_roles === 1,
    removal_share_percent: directory.removal_share_percent,
    scim_url: base,
    user_count: await scimUserStore(sql).count(directory.id),
    group_count: await scimGroupStore(sql).count(directory.id),
    held_removal_count: (await syncs.held(directory.id)).length,
    last_synced_at: last === undefined ? null : toWireTime(last.last_at),
    created_at: toWireTime(directory.created_at),
    updated_at: toWireTime(directory.updated_at),
  };
};

/** A token as the endpoints show one: a hint, never the secret. */
export const describeToken = (token: DirectoryToken, now: number): contract.DirectoryToken => ({
  id: token.id,
  type: 'directory_token',
  hint: token.hint,
  status: token.expires_at === null ? 'active' : token.expires_at > now ? 'ending' : 'ended',
  created_at: toWireTime(token.created_at),
  expires_at: token.expires_at === null ? null : toWireTime(token.expires_at),
  last_used_at: token.last_used_at === null ? null : toWireTime(token.last_used_at),
});

const PEOPLE_SHOWN = 1000;

const stepWords = ({ member, steps }: Pending): string =>
  steps
    .map((step) => {
      switch (step.kind) {
        case 'restore':
          return 'gets access';
        case 'change-role':
          return `role ${member.role} → ${step.role}`;
        case 'change-seat':
          return `seat ${member.seat_tier ?? 'none'} → ${step.seatTier ?? 'none'}`;
        case 'remove-access':
          return step.to === 'removed' ? `removed (${step.reason})` : `suspended (${step.reason})`;
        case 'remove-record':
          return 'removed; has no access already';
        default:
          return step satisfies never;
      }
    })
    .join(', ');

const planned = (pending: readonly Pending[]) => ({
  count: pending.length,
  people: pending.slice(0, PEOPLE_SHOWN).map((one) => ({
    user_id: one.member.id,
    email: one.member.email,
    name: one.member.name,
    detail: stepWords(one),
  })),
});

/** A plan as the endpoints show one. */
export const describePlan = (plan: Plan): contract.DirectoryPlan => ({
  type: 'directory_plan',
  additions: planned(plan.additions),
  changes: planned(plan.changes),
  removals: planned(plan.removals),
  held_removal_count: plan.heldCount,
  member_count: plan.memberCount,
});

type Counted = { readonly sync_id: string; readonly kind: ChangeKind; readonly people: number; readonly count: number };

/** A sync as the endpoints show one, from the counts of its changes. */
export const describeSync = (
  sync: { readonly id: string; readonly started_at: number; readonly last_at: number },
  counts: readonly Counted[],
): contract.DirectorySync => {
  const of = (...kinds: readonly ChangeKind[]) =>
    counts.filter((one) => one.sync_id === sync.id && kinds.includes(one.kind));
  const people = (...kinds: readonly ChangeKind[]) => of(...kinds).reduce((sum, one) => sum + one.people, 0);
  return {
    id: sync.id,
    type: 'directory_sync',
    started_at: toWireTime(sync.started_at),
    last_change_at: toWireTime(sync.last_at),
    users_added: people('user_added', 'user_restored'),
    users_changed: people('user_changed'),
    users_removed: people('user_suspended', 'user_removed'),
    removals_held: people('removal_held'),
    groups_changed: of('group_added', 'group_changed', 'group_removed').reduce((sum, one) => sum + one.count, 0),
    members_added: people('members_added'),
    members_removed: people('members_removed'),
  };
};
