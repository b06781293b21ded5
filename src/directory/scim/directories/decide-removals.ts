import type { Doer } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { type Removal, syncStore } from '../store/sync-store.ts';
import { scimUserStore } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { noteChanges } from '../sync/note-change.ts';
import { reconcile } from '../sync/reconcile.ts';
import { findDirectory } from './manage-directory.ts';

/** Which of the held removals are meant: all of them, or those with these ids. */
export type Which = readonly string[] | undefined;

const PEOPLE_PER_CHANGE = 100;

const decideEach =
  (deps: DirectoryDeps, decision: 'approved' | 'rejected', decide: (work: Work, removal: Removal) => Promise<void>) =>
  async (directoryId: string, which: Which, by: Doer): Promise<number> => {
    const meant = await findHeld(deps, directoryId, which);
    for (let at = 0; at < meant.length; at += PEOPLE_PER_CHANGE)
      await changeInTurn(deps.database, async (sql) => {
        const directory = await findDirectory(sql, directoryId);
        const work = { deps, sql, directory, by, isApproved: true };
        const decided: string[] = [];
        for (const { id } of meant.slice(at, at + PEOPLE_PER_CHANGE)) {
          const removal = await syncStore(sql).findRemoval(directoryId, id);
          if (removal?.status !== 'held') continue;
          await decide(work, removal);
          decided.push(removal.user_id);
        }
        if (decided.length > 0)
          await deps.record(sql, by, {
            type: 'remit_directory_removal_decided',
            directory_id: directoryId,
            decision,
            user_ids: decided,
          });
      });
    return meant.length;
  };

const findHeld = async ({ database }: DirectoryDeps, directoryId: string, which: Which) => {
  await findDirectory(database, directoryId);
  const held = await syncStore(database).held(directoryId);
  const missing = which?.find((id) => !held.some((one) => one.id === id));
  if (missing !== undefined) throw notFound('held removal', missing);
  return which === undefined ? held : held.filter(({ id }) => which.includes(id));
};

/** Lets held removals take place. Answers how many. */
export const approveRemovals = (deps: DirectoryDeps) =>
  decideEach(deps, 'approved', async (work, removal) => {
    await syncStore(work.sql).decide(removal.id, 'approved', work.deps.now());
    await reconcile(work, [removal.user_id]);
  });

/**
 * Keeps the people whose removal is held, and lets SCIM say so: whom the identity provider deactivated is active there
 * again, whom it deleted is no longer the directory's. Answers how many.
 */
export const rejectRemovals = (deps: DirectoryDeps) =>
  decideEach(deps, 'rejected', async (work, { id, user_id: userId, reason }) => {
    const { sql } = work;
    const at = work.deps.now();
    await syncStore(sql).decide(id, 'rejected', at);
    const users = scimUserStore(sql);
    const user = await users.findAny(userId);
    if (user === undefined || reason === 'unmapped') return;
    if (reason === 'deleted') await users.remove(userId);
    else {
      const resource = new Map([...user.resource, ['active', true] as const]);
      await users.update(user, { resource, version: user.version + 1, updatedAt: at });
    }
    await noteChanges(work, { kind: 'user_changed', userId, detail: 'removal rejected; stays a member' });
  });
