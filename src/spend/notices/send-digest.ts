import { readActivePeople } from '../../directory/index.ts';
import { DAY_MS, dayOf, type Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { NoticeDeps } from './deps.ts';
import { tellPending } from './rules/words.ts';
import { noticeStore } from './store.ts';
import { tell } from './tell.ts';

/** A member's request for more that nobody has decided. */
export type PendingRequest = {
  readonly id: string;
  readonly userId: string;
  readonly period: Period | null;
  readonly createdAt: number;
};

export type ReadPending = (sql: Sql) => Promise<readonly PendingRequest[]>;

const HOUR_MS = 3_600_000;

/**
 * Tells administrators who waits for an answer: once a day, from the organisation's hour (UTC) on, and not at all on a
 * day on which nobody waited at that time.
 */
export const sendDigest = (deps: NoticeDeps, readPending: ReadPending) => (): Promise<void> =>
  deps.database.transaction(async (sql) => {
    const at = deps.now();
    const { digestHour } = await noticeStore(sql).readSettings();
    if (at % DAY_MS < digestHour * HOUR_MS) return;
    if (!(await noticeStore(sql).raiseMark('digest', dayOf(at), at))) return;
    const pending = await readPending(sql);
    const people = new Map(
      (await readActivePeople(sql, [...new Set(pending.map(({ userId }) => userId))])).map((one) => [one.id, one]),
    );
    const askers = pending.flatMap(({ userId, period, createdAt }) => {
      const person = people.get(userId);
      return person === undefined ? [] : [{ ...person, period, since: createdAt }];
    });
    if (askers.length === 0) return;
    await tell(deps, sql, {
      key: `digest ${dayOf(at)}`,
      event: 'increase_requested',
      words: tellPending(askers, deps.publicUrl()),
      data: {
        pending: pending
          .filter(({ userId }) => people.has(userId))
          .map(({ id, userId, period, createdAt }) => ({
            spend_limit_increase_request_id: id,
            user_id: userId,
            period,
            created_at: new Date(createdAt).toISOString(),
          })),
      },
    });
  });
