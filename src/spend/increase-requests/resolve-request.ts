import { actorOf, type Doer, type Micros } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { toCents } from '../limits/wire.ts';
import { requestStore, type StoredRequest } from './store.ts';

/** Whoever decides, by id: a member or a key; null for Remit itself. */
export const deciderOf = (by: Doer): string | null => {
  const actor = actorOf(by);
  if (actor.kind === 'member') return actor.userId;
  return actor.kind === 'anonymous' ? null : actor.credentialId;
};

/** What was decided: a limit that is set for the member, or none. */
export type Decision =
  | { readonly status: 'approved'; readonly amountMicros: Micros | null; readonly limitId: string }
  | { readonly status: 'denied' };

/** Ends a pending request, tells the feed and, unless `isQuiet`, the member, all in one transaction. */
export const resolveRequestIn =
  ({ record, notices, now }: SpendDeps) =>
  async (
    sql: Sql,
    request: StoredRequest,
    { decision, by, isQuiet = false }: { decision: Decision; by: Doer; isQuiet?: boolean },
  ): Promise<void> => {
    const amountMicros = decision.status === 'approved' ? decision.amountMicros : null;
    const limitId = decision.status === 'approved' ? decision.limitId : null;
    await requestStore(sql).resolve(request.id, {
      status: decision.status,
      at: now(),
      by: deciderOf(by),
      amountMicros,
      limitId,
    });
    const named = { requester_user_id: request.user_id, spend_limit_increase_request_id: request.id };
    await record(
      sql,
      by,
      limitId === null
        ? { type: 'extra_usage_spend_limit_increase_request_denied', ...named }
        : {
            type: 'extra_usage_spend_limit_increase_request_approved',
            ...named,
            spend_limit_id: limitId,
            amount: toCents(amountMicros),
          },
    );
    if (!isQuiet)
      await notices?.decided(sql, {
        requestId: request.id,
        userId: request.user_id,
        state: decision.status,
        amountMicros,
        period: request.period,
      });
  };
