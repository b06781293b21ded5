import { CATALOGUE } from '../../../access/index.ts';
import { splitHeaderLines } from '../../../platform/index.ts';
import { createRateGate, type RateAnswer } from '../gate/rate-gate.ts';
import type { LimitSet } from '../rules/limiter.ts';
import { indexPools } from '../rules/pools.ts';
import type { RateRules } from '../rules/rate-rules.ts';
import type { RateCaller } from '../rules/scope.ts';
import type { RateTier } from '../rules/tiers.ts';

/** The pool of Opus 5. */
export const OPUS = 'rlg_claude_opus_5';
const pools = indexPools(CATALOGUE);

/** Limits of a scope on a pool. */
export type LimitsSet = readonly [scope: string, poolId: string, limits: LimitSet];

const rulesOf = (tier: RateTier, sets: readonly LimitsSet[]): RateRules => ({
  tier,
  limits: new Map(
    [...Map.groupBy(sets, ([scope]) => scope)].map(([scope, own]) => [
      scope,
      new Map(own.map(([, poolId, limits]) => [poolId, limits])),
    ]),
  ),
});

/** A member in the group of developers, and another one; a service key of that group. */
export const ADA: RateCaller = { keyId: 'apikey_ada', userId: 'user_ada', groupId: null, workspaceId: null };
export const BOB: RateCaller = { keyId: 'apikey_bob', userId: 'user_bob', groupId: null, workspaceId: null };
export const ROBOT: RateCaller = { keyId: 'apikey_robot', userId: null, groupId: 'rbac_group_dev', workspaceId: null };

/** A gate with clocks of its own, and Ada and Bob in the group of developers. */
export const openGate = (tier: RateTier, sets: readonly LimitsSet[] = []) => {
  const clock = { ms: 0 };
  const held = { rules: rulesOf(tier, sets) };
  const gate = createRateGate({
    rules: () => held.rules,
    pools: () => pools,
    groupsOf: () => ['rbac_group_dev'],
    clocks: { ticks: () => clock.ms, now: () => Date.UTC(2026, 10, 26) + clock.ms },
  });
  const ask = (caller: RateCaller = ADA, inputTokens = 1000, modelId = 'claude-opus-5') =>
    gate.take({ kind: 'messages', caller, modelId, inputTokens });
  return {
    gate,
    ask,
    pass: (ms: number) => {
      clock.ms += ms;
    },
    set: (next: RateTier, nextSets: readonly LimitsSet[] = []) => {
      held.rules = rulesOf(next, nextSets);
      gate.forget();
    },
  };
};

/** The ticket of an answer that lets in. */
export const ticketOf = (answer: RateAnswer) => {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  return answer.ticket;
};
/** Why an answer refuses; undefined for one that lets in. */
export const refusalOf = (answer: RateAnswer) => (answer.ok ? undefined : answer.refusal);

/** How many of `count` requests get in. */
export const countOf = (ask: () => RateAnswer, count: number) =>
  Array.from({ length: count }, ask).filter(({ ok }) => ok).length;

/** The headers of an answer by name. */
export const headersOf = (answer: RateAnswer): Record<string, string> => {
  const flat = splitHeaderLines(ticketOf(answer).lines());
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : [])));
};
