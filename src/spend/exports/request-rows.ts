import type { CsvRows } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { IncreaseRequest } from '../increase-requests/contract.ts';
import { describeRequests } from '../increase-requests/describe-requests.ts';
import { listRequests } from '../increase-requests/list-requests.ts';
import type { StoredRequest } from '../increase-requests/store.ts';
import type { SpendActor } from '../limits/objects/contract.ts';
import { centsToUsd, toUsd } from '../wire.ts';
import { UNLIMITED } from './limit-rows.ts';

type Deps = Pick<SpendDeps, 'database' | 'spendPolicy' | 'now'>;

const PAGE = 1000;

/** Every request of a member, newest first. What they have spent and may spend stands beside those that are pending. */
export async function* requestRows(deps: Deps): CsvRows {
  yield [
    ...['id', 'created_at', 'user_id', 'name', 'email', 'period', 'status', 'spent_usd', 'limit_usd'],
    ...['approved_usd', 'resolved_at', 'resolved_by', 'resolved_by_name', 'spend_limit_id'],
  ];
  let beforeId: string | undefined;
  for (;;) {
    const found = await listRequests(deps.database, { statuses: [], userIds: [], limit: PAGE, beforeId });
    const asked = found.slice(0, PAGE);
    const shown = await describeRequests(deps, asked);
    for (const [at, one] of shown.entries()) yield rowOf(one, asked[at]?.request);
    beforeId = asked.at(-1)?.request.id;
    if (found.length <= PAGE) return;
  }
}

const personCells = (actor: SpendActor): readonly string[] =>
  actor.type === 'user_actor'
    ? [actor.user_id, actor.name ?? '', actor.email_address ?? '']
    : [actor.scoped_api_key_id, '', ''];

const standing = ({ spend_summary: summary }: IncreaseRequest): readonly string[] => {
  if (summary === null) return ['', ''];
  return [centsToUsd(summary.period_to_date_spend), summary.amount === null ? UNLIMITED : centsToUsd(summary.amount)];
};

// The API shows the amount of an approval only when it is made; the row keeps it.
const approved = (stored: StoredRequest | undefined): string => {
  if (stored?.status !== 'approved') return '';
  return stored.amount_micros === null ? UNLIMITED : toUsd(stored.amount_micros);
};

const rowOf = (one: IncreaseRequest, stored: StoredRequest | undefined): readonly string[] => [
  ...[one.id, one.created_at, ...personCells(one.actor), one.period, one.status, ...standing(one)],
  approved(stored),
  one.resolved_at ?? '',
  ...(one.resolved_by === null ? ['', ''] : personCells(one.resolved_by).slice(0, 2)),
  stored?.spend_limit_id ?? '',
];
