import { readSpenders, type SpenderRow } from '../../directory/index.ts';
import type { Period } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import { type RequestFilter, requestStore, type StoredRequest } from './store.ts';

/** A request with the member who asks. */
export type AskedBy = { readonly request: StoredRequest; readonly member: SpenderRow };

const REQUESTS_PER_READING = 1000;

/** Requests of members, newest first, one more than asked for; those of people who have left are passed over. */
export const listRequests = async (sql: Sql, filter: RequestFilter): Promise<readonly AskedBy[]> => {
  const found: AskedBy[] = [];
  let beforeId = filter.beforeId;
  while (found.length <= filter.limit) {
    const requests = await requestStore(sql).list({ ...filter, beforeId, limit: REQUESTS_PER_READING });
    found.push(...(await withMembers(sql, requests)));
    beforeId = requests.at(-1)?.id;
    if (requests.length < REQUESTS_PER_READING) break;
  }
  return found.slice(0, filter.limit + 1);
};

/** Requests with who asks; those of people who have left are absent. */
export const withMembers = async (sql: Sql, requests: readonly StoredRequest[]): Promise<readonly AskedBy[]> => {
  const ids = [...new Set(requests.map(({ user_id }) => user_id))];
  const members = ids.length === 0 ? [] : await readSpenders(sql, { limit: ids.length, ids });
  const byId = new Map(members.map((member) => [member.id, member]));
  return requests.flatMap((request) => {
    const member = byId.get(request.user_id);
    return member === undefined ? [] : [{ request, member }];
  });
};

/** What waits for a decision, newest first, for those who remind of it. */
export const readPendingRequests = async (
  sql: Sql,
): Promise<
  readonly { readonly id: string; readonly userId: string; readonly period: Period; readonly createdAt: number }[]
> => {
  const pending = await listRequests(sql, { statuses: ['pending'], userIds: [], limit: 10_000 });
  return pending.map(({ request: { id, user_id, period, created_at } }) => ({
    id,
    userId: user_id,
    period,
    createdAt: created_at,
  }));
};
