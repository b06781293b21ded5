import type { Caller, Snapshot } from '../../access/index.ts';
import { dayOf, type Micros, PERIODS, type Period, windowEnd, windowOf } from '../../kernel/index.ts';
import { type Account, type Ceiling, readSums, type SpenderFacts } from '../../spend/index.ts';
import { callerOf } from '../caller.ts';
import type { ClaudeCodeDeps } from '../deps.ts';
import { reply } from '../served/exchange.ts';
import { type LimitUsage, type UsageReply, usageReply } from './rules/usage-reply.ts';

type Deps = Pick<ClaudeCodeDeps, 'database' | 'policy' | 'spendPolicy' | 'now'>;

const spenderOf = ({ credential, userId, groupId, workspaceId }: Caller, snapshot: Snapshot): SpenderFacts => {
  const member = userId === null ? undefined : snapshot.members.get(userId);
  return {
    ...{ userId, groupId, workspaceId, keyId: credential.id, sessionId: null },
    groupIds: member?.groupIds ?? (groupId === null ? [] : [groupId]),
    seatTier: member?.seatTier ?? null,
  };
};

type Windowed = Ceiling & { readonly period: Period };

const isWindowed = (ceiling: Ceiling): ceiling is Windowed => ceiling.period !== null;

/** What a caller has spent of every limit that binds them. */
const readUsage = async ({ database, policy, spendPolicy, now }: Deps, caller: Caller): Promise<UsageReply> => {
  const at = now();
  const ceilings = spendPolicy.boundsOf(spenderOf(caller, policy.current())).ceilings.filter(isWindowed);
  const own: Account = caller.userId === null ? `service:${caller.groupId}` : `user:${caller.userId}`;
  const accounts = [...new Set([own, ...ceilings.map(({ account }) => account)])];
  const sums = new Map(
    await Promise.all(
      PERIODS.map(async (period) => [period, await readSums(database, accounts, windowOf(period, dayOf(at)))] as const),
    ),
  );
  const spent = (account: Account, period: Period): Micros => sums.get(period)?.get(account)?.settledMicros ?? 0;
  const usages = ceilings.map(
    ({ account, period, amountMicros }): LimitUsage => ({
      period,
      amountMicros,
      spentMicros: spent(account, period),
      resetsAt: windowEnd(period, at),
    }),
  );
  const [daily, weekly, monthly] = [spent(own, 'daily'), spent(own, 'weekly'), spent(own, 'monthly')];
  return usageReply(usages, { daily, weekly, monthly });
};

/** `GET /api/oauth/usage`: what Claude Code shows under `/usage` and in its status line. */
export const answerUsage = async (deps: Deps, request: Request): Promise<Response> =>
  reply(await readUsage(deps, await callerOf(deps, request)));
