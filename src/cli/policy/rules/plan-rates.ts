import type { Declared, Path } from './declared.ts';
import { NONE } from './declared-limits.ts';
import { type DeclaredOrganisationRates, type DeclaredRates, RATE_LIMITERS } from './declared-money.ts';
import type { Holder } from './holders.ts';
import type { RateChanges } from './money-actions.ts';
import type { PoolState, RateNumbers, RatesState } from './money-state.ts';
import { didYouMean } from './nearest.ts';
import { type Line, type Problem, type Step, step } from './step.ts';

/** Rates as they will be: those of the organisation, and lower ones, which may need a group that is yet to be created. */
export type RatesPlan = {
  readonly steps: readonly Step[];
  readonly lower: readonly Step[];
  readonly problems: readonly Problem[];
};

/** Stands for all models together; only groups, members and keys have limits on it. */
export const ALL_MODELS: PoolState = { id: 'rlg_all_models', name: 'all models', kind: 'model_group' };

const ENQUEUED = 'enqueued_batch_requests';
const REQUESTS = 'requests_per_minute';

/** The limiters that a pool has: the server refuses others. */
const isPossible = (limiter: string, { kind }: PoolState, isOrganisation: boolean): boolean => {
  if (kind === 'model_group') return limiter !== ENQUEUED;
  return limiter === REQUESTS || (limiter === ENQUEUED && kind === 'batch' && isOrganisation);
};

/** What numbers are set for, what is said of them, and what they are now. */
type Part = {
  readonly path: Path;
  readonly whose: string;
  readonly said: DeclaredRates;
  readonly pools: readonly PoolState[];
  readonly isOrganisation: boolean;
  /** Numbers that are there now, by pool. */
  readonly now: Readonly<Record<string, RateNumbers>>;
  /** What `none` goes back to, by pool; nothing for lower limits. */
  readonly otherwise: Readonly<Record<string, RateNumbers>>;
};

type Changed = { readonly pool: PoolState; readonly limits: RateChanges; readonly lines: readonly Line[] };
type Differences = { readonly changed: readonly Changed[]; readonly problems: readonly Problem[] };

const inWords = (value: number | undefined): string => (value === undefined ? NONE : value.toLocaleString('en-US'));

const unknownPool = (id: string, { path, pools }: Part): Problem => {
  const ids = pools.map((pool) => pool.id);
  const near = didYouMean(id, ids);
  return {
    path: [...path, id],
    problem: `There is no rate limit with the id “${id}” here.${near || ` There are ${ids.join(', ')}.`}`,
  };
};

const limiterProblems = (pool: PoolState, part: Part): readonly Problem[] =>
  Object.keys(part.said[pool.id] ?? {})
    .filter((limiter) => !isPossible(limiter, pool, part.isOrganisation))
    .map((limiter) => ({
      path: [...part.path, pool.id, limiter],
      problem: `On ${pool.name} there is no ${limiter} here; ${REQUESTS} can be limited.`,
    }));

const lineOf = (
  whose: string,
  limiter: string,
  { before, after }: { readonly before: number | undefined; readonly after: number | undefined },
): Line => ({
  change: before === undefined ? 'create' : after === undefined ? 'delete' : 'update',
  sentence: `rate limit of ${whose}: ${inWords(after)} ${limiter} (was ${inWords(before)})`,
});

const changesOn = (pool: PoolState, { said, now, otherwise, whose }: Part): Changed => {
  const numbers = said[pool.id] ?? {};
  const changes = RATE_LIMITERS.flatMap((limiter) => {
    const number = numbers[limiter];
    if (number === undefined) return [];
    const before = now[pool.id]?.[limiter];
    const after = number === NONE ? otherwise[pool.id]?.[limiter] : number;
    if (before === after) return [];
    const value = number === NONE ? null : number;
    return [{ type: limiter, value, line: lineOf(`${whose} on ${pool.name}`, limiter, { before, after }) }];
  });
  return {
    pool,
    limits: changes.map(({ type, value }) => ({ type, value })),
    lines: changes.map(({ line }) => line),
  };
};

const differences = (part: Part): Differences => {
  const ids = Object.keys(part.said);
  const known = ids.flatMap((id) => part.pools.find((pool) => pool.id === id) ?? []);
  return {
    changed: known.map((pool) => changesOn(pool, part)).filter(({ limits }) => limits.length > 0),
    problems: [
      ...ids.filter((id) => !known.some((pool) => pool.id === id)).map((id) => unknownPool(id, part)),
      ...known.flatMap((pool) => limiterProblems(pool, part)),
    ],
  };
};

const planTier = ({ tier }: DeclaredOrganisationRates, now: RatesState): readonly Step[] =>
  tier === undefined || tier === now.tier
    ? []
    : [step('update', `rate tier of the organisation: ${tier} (was ${now.tier})`, { kind: 'set-rate-tier', tier })];

const planCustom = (said: DeclaredOrganisationRates, now: RatesState): Differences => {
  if (said.custom === undefined) return { changed: [], problems: [] };
  const path = ['organisation', 'rates', 'custom'];
  if ((said.tier ?? now.tier) !== 'custom')
    return {
      changed: [],
      problems: [{ path, problem: 'Only the tier custom has numbers of its own. Say “tier: custom” too.' }],
    };
  return differences({
    ...{ path, whose: 'the organisation', said: said.custom, pools: now.pools, isOrganisation: true },
    ...{ now: now.custom, otherwise: now.scale },
  });
};

const planHolder = (holder: Holder, now: RatesState): Differences => {
  const { said, target, id, path, whose, isDefault } = holder;
  if (said.rates === undefined) return { changed: [], problems: [] };
  const at = [...path, 'rates'];
  if (isDefault) {
    const problem = 'The default workspace has no rate limits of its own; those of the organisation hold there.';
    return { changed: [], problems: [{ path: at, problem }] };
  }
  const own = now.overrides.filter((one) => one.type === target.type && one.target === id);
  return differences({
    ...{ path: at, whose, said: said.rates, isOrganisation: false },
    pools: target.type === 'workspace' ? now.pools : [ALL_MODELS, ...now.pools],
    now: Object.fromEntries(own.map(({ pool, limits }) => [pool, limits])),
    otherwise: {},
  });
};

/** Plans rates: the tier, its own numbers, and lower limits, as far as the files speak of them. */
export const planRates = (
  { rates = {} }: Declared['organisation'],
  now: RatesState | null,
  holders: readonly Holder[],
): RatesPlan => {
  if (now === null) return { steps: [], lower: [], problems: [] };
  const custom = planCustom(rates, now);
  const lower = holders.map((holder) => ({ holder, ...planHolder(holder, now) }));
  return {
    steps: [
      ...planTier(rates, now),
      ...custom.changed.map(({ pool, limits, lines }) => ({
        action: { kind: 'set-custom-rates' as const, pool: pool.id, limits },
        lines,
      })),
    ],
    lower: lower.flatMap(({ holder: { target }, changed }) =>
      changed.map(({ pool, limits, lines }) => ({
        action: { kind: 'set-lower-rates' as const, target, pool: pool.id, limits },
        lines,
      })),
    ),
    problems: [...custom.problems, ...lower.flatMap(({ problems }) => problems)],
  };
};
