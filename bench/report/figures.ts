import type { Round } from '../measure.ts';
import type { VariantName } from '../variants/variant.ts';

/** Middle, lowest and highest of one figure over the rounds. */
export type Spread = { median: number; min: number; max: number };

/** Figures of a round that tables and targets speak of. */
export type Metric =
  | 'cpuMicros'
  | 'requestsPerSecond'
  | 'firstByteP50'
  | 'firstByteP99'
  | 'peakBytes'
  | 'upstreamCpuMicros'
  | 'loaderCpuMicros';

/** Which variant in which scenario. */
export type Place = { scenario: string; variant: VariantName };

const spreadOf = (values: readonly number[]): Spread | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  const upper = sorted[Math.floor(sorted.length / 2)];
  const min = sorted.at(0);
  const max = sorted.at(-1);
  if (lower === undefined || upper === undefined || min === undefined || max === undefined) return undefined;
  return { median: (lower + upper) / 2, min, max };
};

const byRound = (rounds: readonly Round[], { scenario, variant }: Place, metric: Metric): Map<number, number> =>
  new Map(
    rounds
      .filter((each) => each.scenario === scenario && each.variant === variant)
      .flatMap((each): [number, number][] => {
        const value = each[metric];
        return value === undefined ? [] : [[each.round, value]];
      }),
  );

/** A figure over the rounds; undefined when there is none. */
export const figure = (rounds: readonly Round[], place: Place, metric: Metric): Spread | undefined =>
  spreadOf([...byRound(rounds, place, metric).values()]);

/** Two variants compared. */
export type Pair = { scenario: string; variant: VariantName; against: VariantName; metric: Metric };

const paired = (
  rounds: readonly Round[],
  pair: Pair,
  combine: (a: number, b: number) => number,
): Spread | undefined => {
  const others = byRound(rounds, { scenario: pair.scenario, variant: pair.against }, pair.metric);
  const own = byRound(rounds, pair, pair.metric);
  return spreadOf(
    [...own].flatMap(([round, value]) => {
      const other = others.get(round);
      return other === undefined || other === 0 ? [] : [combine(value, other)];
    }),
  );
};

/** `variant ÷ against`, taken round by round: neighbours in time share the machine's mood, so their ratio is steadier than either. */
export const ratio = (rounds: readonly Round[], pair: Pair): Spread | undefined =>
  paired(rounds, pair, (a, b) => a / b);

/** `variant − against`, round by round. */
export const difference = (rounds: readonly Round[], pair: Pair): Spread | undefined =>
  paired(rounds, pair, (a, b) => a - b);
