import { changeInTurn, readSpenders } from '../../directory/index.ts';
import { type Doer, type Micros, type Period, Refusal } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { setLimitIn } from '../limits/set-limit.ts';
import type { StoredLimit } from '../limits/store.ts';
import { resolveRequestIn } from './resolve-request.ts';
import { requestStore, type StoredRequest } from './store.ts';

/** What an administrator approves; without a period, the one the member asked about. */
export type Approval = {
  readonly amountMicros: Micros;
  readonly period?: Period | undefined;
  readonly isQuiet: boolean;
};

/**
 * Approves a pending request: the amount becomes the member's own limit. It refuses requests that were decided before,
 * with their state.
 */
export const approveRequest =
  (deps: SpendDeps) =>
  (id: string, { amountMicros, period, isQuiet }: Approval, by: Doer): Promise<StoredLimit> =>
    changeInTurn(deps.database, async (sql) => {
      const request = await findRequest(sql, id);
      if (request.status !== 'pending') throw decided(request, 'Only a pending request can be approved.');
      const scope = { type: 'user' as const, userId: request.user_id };
      const wanted = { scope, period: period ?? request.period, amountMicros, isEnabled: true };
      const limit = await setLimitIn(deps)(sql, wanted, by);
      const decision = { status: 'approved' as const, amountMicros, limitId: limit.id };
      await resolveRequestIn(deps)(sql, request, { decision, by, isQuiet });
      return limit;
    });

/** Denies a pending request; one that was denied before stays as it is, one that was approved refuses. */
export const denyRequest =
  (deps: SpendDeps) =>
  (id: string, { isQuiet }: { readonly isQuiet: boolean }, by: Doer): Promise<void> =>
    changeInTurn(deps.database, async (sql) => {
      const request = await findRequest(sql, id);
      if (request.status === 'denied') return;
      if (request.status === 'approved') throw decided(request, 'Lower or delete the limit instead.');
      await resolveRequestIn(deps)(sql, request, { decision: { status: 'denied' }, by, isQuiet });
    });

const decided = ({ id, status }: StoredRequest, advice: string): Refusal =>
  new Refusal('invalid_request', `The request ${id} has been ${status} already. ${advice}`, {
    details: { error_code: 'increase_request_resolved', status },
  });

/** A request of somebody who is a member; refuses with `not_found` for any other. */
export const findRequest = async (sql: Sql, id: string): Promise<StoredRequest> => {
  const request = await requestStore(sql).find(id);
  const isThere = request !== undefined && (await readSpenders(sql, { limit: 1, ids: [request.user_id] })).length > 0;
  if (request === undefined || !isThere)
    throw new Refusal('not_found', `There is no request for a higher spend limit with the id ${id}.`);
  return request;
};
