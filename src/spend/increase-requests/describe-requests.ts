import { readNames, readSpenders } from '../../directory/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { SpendActor } from '../limits/objects/contract.ts';
import { ownLimits, summarise } from '../limits/summarise.ts';
import { toWireTime } from '../limits/wire.ts';
import type { IncreaseRequest } from './contract.ts';
import type { AskedBy } from './list-requests.ts';

/** Requests as the Spend Limits API shows them: pending ones with how the member stands now. */
export const describeRequests = async (
  { database, spendPolicy, now }: Pick<SpendDeps, 'database' | 'spendPolicy' | 'now'>,
  asked: readonly AskedBy[],
): Promise<IncreaseRequest[]> => {
  const own = asked.flatMap(({ request, member }) =>
    request.status === 'pending' ? ownLimits(spendPolicy.rules, member, [request.period]) : [],
  );
  const summaries = await summarise(database, own, now());
  const summaryOf = (userId: string, period: string) =>
    summaries.find(({ scope, ...one }) => scope.type === 'user' && scope.user_id === userId && one.period === period);
  const resolvedBy = await describeDeciders(
    { database },
    asked.flatMap(({ request }) => request.resolved_by ?? []),
  );
  return asked.map(({ request, member }) => ({
    id: request.id,
    type: 'spend_limit_increase_request',
    actor: toUser(member, false),
    period: request.period,
    status: request.status,
    created_at: toWireTime(request.created_at),
    resolved_at: request.resolved_at === null ? null : toWireTime(request.resolved_at),
    resolved_by: request.resolved_by === null ? null : (resolvedBy.get(request.resolved_by) ?? null),
    spend_summary: request.status === 'pending' ? (summaryOf(member.id, request.period) ?? null) : null,
  }));
};

type Named = { readonly id: string; readonly name: string; readonly email: string };

const toUser = ({ id, name, email }: Named, deleted: boolean): SpendActor => ({
  type: 'user_actor',
  user_id: id,
  name,
  email_address: email,
  deleted,
});

/** Those who decided, members and keys, by id. */
const describeDeciders = async (
  { database }: Pick<SpendDeps, 'database'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SpendActor>> => {
  const people = [...new Set(ids.filter((id) => id.startsWith('user_')))];
  const { members } = await readNames(database, { members: people, groups: [], apiKeys: [] });
  const present = people.length === 0 ? [] : await readSpenders(database, { limit: people.length, ids: people });
  const isPresent = new Set(present.map(({ id }) => id));
  return new Map(
    ids.map((id): readonly [string, SpendActor] => {
      const named = members.get(id);
      if (named !== undefined) return [id, toUser(named, !isPresent.has(id))];
      return [id, { type: 'scoped_api_key_actor', scoped_api_key_id: id }];
    }),
  );
};
