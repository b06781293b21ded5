import { splitHeaderLines } from '../../../platform/index.ts';
import { retryAfterSeconds } from '../rules/bucket.ts';
import { type Limiter, REFILLING_LIMITERS, type RefillingLimiter } from '../rules/limiter.ts';
import { ALL_MODELS, BATCHES, FILES, type Pool, type PoolIndex, TOKEN_COUNT } from '../rules/pools.ts';
import { limitsOf, type RateRules } from '../rules/rate-rules.ts';
import { bindingsOf, ORGANISATION_SCOPE, type RateCaller, type RateScope, scopeCountedAs } from '../rules/scope.ts';
import { createBucketBook } from './bucket-book.ts';
import type { RateBucket } from './rate-bucket.ts';
import {
  createLinesOf,
  FREE_TICKET,
  longestWait,
  type RateClocks,
  type RateTicket,
  type Take,
  takeAtFirst,
} from './rate-ticket.ts';

/** What somebody wants to send. `inputTokens`: what the prompt is reckoned to be. */
export type RateAsk = { readonly caller: RateCaller } & (
  | { readonly kind: 'messages'; readonly modelId: string | null; readonly inputTokens: number }
  | { readonly kind: 'count_tokens' | 'batch' | 'files' }
);

/** Which limit a request ran into. */
export type RateRefusal = {
  readonly limiter: Limiter;
  readonly scope: RateScope;
  /** What it is a limit on, as people name it. */
  readonly poolName: string;
  readonly limit: number;
  /** Null when waiting does not help. */
  readonly retryAfterSeconds: number | null;
};

export type RateAnswer =
  | { readonly ok: true; readonly ticket: RateTicket }
  /** `headers`: the `anthropic-ratelimit-…` headers as things stand. */
  | { readonly ok: false; readonly refusal: RateRefusal; readonly headers: readonly string[] };

/** How one limiter of the organisation stands on this node. */
export type Utilisation = {
  readonly poolId: string;
  readonly limiter: RefillingLimiter;
  readonly limit: number;
  readonly used: number;
  /** The most that was used at a time, in this hour and the one before. */
  readonly peak: number;
};

/** What this node, or another one, has taken from a bucket; what was given back is subtracted. */
export type Taking = {
  readonly countedAs: string;
  readonly poolId: string;
  readonly limiter: RefillingLimiter;
  readonly amount: number;
};

/** The gate every request passes. All of it is synchronous and in memory. */
export type RateGate = {
  /** Takes what the request needs of every bucket that binds it, or of none. */
  take(ask: RateAsk): RateAnswer;
  /** Whether the queue of batches has a limit. */
  readonly limitsQueue: boolean;
  /** Refuses entries of a batch that would not fit the queue; undefined when they do. */
  refuseQueue(queued: number, added: number): RateRefusal | undefined;
  utilisation(): readonly Utilisation[];
  /** Who binds whom, or to what, has changed: it is looked up anew from now on. What was used stays used. */
  forget(): void;
  /** Begins another hour of peaks and drops what has been idle. */
  turn(): void;
  /** What was taken here since the last call. */
  news(): readonly Taking[];
  /** Counts what another node took. */
  absorb(taking: Taking): void;
};

export type RateGateDeps = {
  readonly rules: () => RateRules;
  readonly pools: () => PoolIndex;
  readonly groupsOf: (userId: string) => readonly string[];
  readonly clocks: RateClocks;
};

const FREE: RateAnswer = { ok: true, ticket: FREE_TICKET };

/** Keys whose buckets are kept looked up. */
const KEYS_MAX = 50_000;

/** The buckets of a key in one workspace and pool. */
type Stack = {
  readonly poolId: string;
  readonly workspaceId: string | null;
  readonly buckets: readonly RateBucket[];
};

/** A bucket is full again after a minute, or a day; one that nobody used for so long need not be remembered. */
export const IDLE_MS = 10 * 60_000;

const poolOfAsk = (ask: RateAsk, pools: PoolIndex): Pool => {
  switch (ask.kind) {
    case 'messages':
      return pools.ofModel(ask.modelId);
    case 'count_tokens':
      return TOKEN_COUNT;
    case 'batch':
      return BATCHES;
    case 'files':
      return FILES;
    default: {
      const unexpected: never = ask;
      return unexpected;
    }
  }
};

/** A gate with full buckets. */
export const createRateGate = (deps: RateGateDeps): RateGate => {
  const { rules, pools, groupsOf, clocks } = deps;
  const book = createBucketBook(clocks.ticks);
  const stacks = new Map<string, Stack[]>();
  let news: RateBucket[] = [];

  let takings = 0;

  const take: Take = (bucket, amount, at) => {
    takings += 1;
    bucket.add(amount, at);
    bucket.untold += amount;
    if (bucket.isNews) return;
    bucket.isNews = true;
    news.push(bucket);
  };

  const kit = { take, clocks, linesOf: createLinesOf(clocks, () => takings) };

  const openBuckets = (caller: RateCaller, pool: Pool): readonly RateBucket[] => {
    const inForce = rules();
    const groupIds = caller.userId === null ? [] : groupsOf(caller.userId);
    const buckets: RateBucket[] = [];
    for (const { scope, countedAs } of bindingsOf(caller, groupIds))
      for (const each of pool.kind === 'model_group' && scope.type !== 'organization' ? [pool, ALL_MODELS] : [pool]) {
        const limits = limitsOf(inForce, scope, each);
        for (const limiter of REFILLING_LIMITERS) {
          const limit = limits[limiter];
          if (limit !== undefined) buckets.push(book.open({ countedAs, scope, poolId: each.id, limiter }, limit));
        }
      }
    return buckets;
  };

  const stackOf = (caller: RateCaller, pool: Pool): readonly RateBucket[] => {
    const ofKey = stacks.get(caller.keyId);
    const known = ofKey?.find((one) => one.poolId === pool.id && one.workspaceId === caller.workspaceId);
    if (known !== undefined) return known.buckets;
    const stack = { poolId: pool.id, workspaceId: caller.workspaceId, buckets: openBuckets(caller, pool) };
    if (stacks.size >= KEYS_MAX) stacks.clear();
    if (ofKey === undefined) stacks.set(caller.keyId, [stack]);
    else ofKey.push(stack);
    return stack.buckets;
  };

  const queueLimit = (): number | undefined => limitsOf(rules(), ORGANISATION_SCOPE, BATCHES).enqueued_batch_requests;

  const nameOf = (poolId: string): string =>
    poolId === ALL_MODELS.id ? ALL_MODELS.displayName : (pools().byId.get(poolId)?.displayName ?? poolId);

  const refusalOf = ({ name, limit }: RateBucket, waitMs: number): RateRefusal => ({
    limiter: name.limiter,
    scope: name.scope,
    poolName: nameOf(name.poolId),
    limit,
    retryAfterSeconds: retryAfterSeconds(waitMs),
  });

  return {
    take: (ask) => {
      const stack = stackOf(ask.caller, poolOfAsk(ask, pools()));
      if (stack.length === 0) return FREE;
      const inputTokens = ask.kind === 'messages' ? ask.inputTokens : 0;
      const at = clocks.ticks();
      const wait = longestWait(stack, inputTokens, at);
      if (wait !== undefined)
        return {
          ok: false,
          refusal: refusalOf(wait.bucket, wait.waitMs),
          headers: splitHeaderLines(kit.linesOf(stack)),
        };
      return { ok: true, ticket: takeAtFirst(stack, inputTokens, { kit, at }) };
    },
    get limitsQueue() {
      return queueLimit() !== undefined;
    },
    refuseQueue: (queued, added) => {
      const limit = queueLimit();
      if (limit === undefined || queued + added <= limit) return undefined;
      const limiter = 'enqueued_batch_requests' as const;
      return { limiter, scope: ORGANISATION_SCOPE, poolName: BATCHES.displayName, limit, retryAfterSeconds: null };
    },
    utilisation: () => {
      const at = clocks.ticks();
      return [...book.all()]
        .filter(({ name }) => name.scope.type === 'organization')
        .map((bucket) => ({
          poolId: bucket.name.poolId,
          limiter: bucket.name.limiter,
          limit: bucket.limit,
          used: bucket.usedAt(at),
          peak: bucket.peak,
        }));
    },
    forget: () => stacks.clear(),
    turn: () => {
      const at = clocks.ticks();
      for (const bucket of book.all()) bucket.turnPeak(at);
      // Looked-up buckets that were dropped would be counted in beside new ones of the same name.
      if (book.dropIdle(IDLE_MS)) stacks.clear();
    },
    news: () => {
      const told = news;
      news = [];
      return told.map((bucket) => {
        const { countedAs, poolId, limiter } = bucket.name;
        const taking = { countedAs, poolId, limiter, amount: bucket.untold };
        bucket.isNews = false;
        bucket.untold = 0;
        return taking;
      });
    },
    absorb: ({ countedAs, poolId, limiter, amount }) => {
      const scope = scopeCountedAs(countedAs);
      const pool = poolId === ALL_MODELS.id ? ALL_MODELS : pools().byId.get(poolId);
      if (scope === undefined || pool === undefined) return;
      const limit = limitsOf(rules(), scope, pool)[limiter];
      if (limit === undefined) return;
      takings += 1;
      book.open({ countedAs, scope, poolId, limiter }, limit).add(amount, clocks.ticks());
    },
  };
};
