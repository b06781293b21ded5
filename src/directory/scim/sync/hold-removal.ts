import type { Member } from '../../members/store.ts';
import { mustWait, REMOVAL_WINDOW_MS } from '../rules/removal-guard.ts';
import { syncStore } from '../store/sync-store.ts';
import type { RemovalReason } from '../tables.ts';
import type { Work } from './context.ts';
import { noteChanges } from './note-change.ts';

/**
 * Whether somebody may lose their access now. Where more would have lost it within an hour than the directory's share, the
 * removal is held for an administrator instead: the identity provider is told that its wish is recorded, which it is, and
 * goes on. A refusal would make it stop (Entra ID puts the whole job into quarantine) without asking again later.
 */
export const holdOrGo = async (work: Work, member: Member, reason: RemovalReason): Promise<boolean> => {
  const { deps, sql, directory } = work;
  const syncs = syncStore(sql);
  const held = await syncs.findHeldOf(member.id);
  if (work.isApproved === true) {
    if (held !== undefined) await syncs.decide(held.id, 'approved', deps.now());
    return true;
  }
  if (held !== undefined) {
    if (held.reason !== reason) await replaceHeld(work, member, reason);
    return false;
  }
  const removed = await syncs.countRemovals(directory.id, deps.now() - REMOVAL_WINDOW_MS);
  const membersAtStart = (await syncs.countWithAccess(directory.id)) + removed;
  if (!mustWait({ membersAtStart, removed, sharePercent: directory.removal_share_percent })) return true;
  await hold(work, member, reason);
  return false;
};

const hold = async (work: Work, member: Member, reason: RemovalReason): Promise<void> => {
  const { deps, sql, directory, by } = work;
  await syncStore(sql).insertRemoval({
    id: deps.newId('directoryRemoval'),
    directory_id: directory.id,
    user_id: member.id,
    reason,
    status: 'held',
    held_at: deps.now(),
    decided_at: null,
  });
  await deps.record(sql, by, {
    type: 'remit_directory_removal_held',
    directory_id: directory.id,
    user_id: member.id,
    reason,
  });
  await noteChanges(work, { kind: 'removal_held', userId: member.id, detail: `${member.email}: ${reason}` });
};

const replaceHeld = async (work: Work, member: Member, reason: RemovalReason): Promise<void> => {
  await withdrawHeld(work, member.id);
  await hold(work, member, reason);
};

/** Forgets a held removal that the identity provider no longer wants. */
export const withdrawHeld = async ({ deps, sql }: Work, userId: string): Promise<void> => {
  const held = await syncStore(sql).findHeldOf(userId);
  if (held !== undefined) await syncStore(sql).decide(held.id, 'withdrawn', deps.now());
};
