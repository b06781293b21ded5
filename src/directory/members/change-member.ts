import { Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { type Member, memberStore } from './store.ts';

/** The refusal for whoever acts on what somebody else has just changed; clients may try again (organisation APIs §0.4). */
export const changedMeanwhile = (message: string): Refusal =>
  new Refusal('conflict', message, { details: { error_code: 'concurrent_membership_change' } });

/**
 * Runs a change of one member in its turn. A member whom somebody else changed or removed while the change waited for
 * its turn is a conflict (`concurrent_membership_change`); one who was not there is `not_found`.
 */
export const changeMember =
  ({ database }: DirectoryDeps) =>
  async <R>(userId: string, change: (sql: Sql, member: Member) => Promise<R>): Promise<R> => {
    const seen = await memberStore(database).findPresent(userId);
    if (seen === undefined) throw notFound('member', userId);
    return changeInTurn(database, async (sql) => {
      const member = await memberStore(sql).findPresent(userId);
      if (member === undefined || member.updated_at !== seen.updated_at)
        throw changedMeanwhile(`${seen.email} has just been changed by somebody else. Look again before you go on.`);
      return change(sql, member);
    });
  };
