/** Chance that can be repeated: the same seed draws the same values in the same order. */
export type Random = {
  /** A number in [0, 1). */
  next(): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** A whole number from `low` to `high`, both possible. */
  whole(low: number, high: number): number;
  /** One of the entries. Throws when there is none. */
  pick<T>(entries: readonly T[]): T;
  /** One of the entries, each as likely as its weight says. Throws when there is none. */
  weighted<T>(entries: readonly (readonly [value: T, weight: number])[]): T;
  /** A value around `median` with the long tail of durations and sizes; `spread` is the sigma of its logarithm. */
  skewed(median: number, spread: number): number;
  /** How often something happens that happens `mean` times on average. */
  count(mean: number): number;
  bytes(size: number): Uint8Array;
  /** A UUID of version 4, in the form in which clients name their sessions. */
  uuid(): string;
};

const NOTHING_TO_PICK = 'there is nothing to pick from';

// Mulberry32: 32 bits of state are plenty for a demonstration, and the sequence is the same on every machine.
const mulberry32 = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
};

/** A source of chance from a seed (its lowest 32 bits). */
export const createRandom = (seed: number): Random => {
  const next = mulberry32(seed);
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  const bytes = (size: number) => Uint8Array.from({ length: size }, () => whole(0, 255));

  const pick = <T>(entries: readonly T[]): T => {
    const index = whole(0, entries.length - 1);
    if (index >= entries.length || entries.length === 0) throw new RangeError(NOTHING_TO_PICK);
    return entries[index] as T;
  };

  const weighted = <T>(entries: readonly (readonly [T, number])[]): T => {
    let rest = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    const found = entries.find(([, weight]) => {
      rest -= weight;
      return rest < 0;
    });
    if (found === undefined) throw new RangeError(NOTHING_TO_PICK);
    return found[0];
  };

  // Box and Muller; 1 - next() keeps the logarithm's argument above zero.
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

  const count = (mean: number): number => {
    const limit = Math.exp(-mean);
    let happened = 0;
    for (let product = next(); product > limit; product *= next()) happened += 1;
    return happened;
  };

  const uuid = (): string => {
    const hex = Buffer.from(bytes(16)).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  };

  return {
    next,
    chance: (probability) => next() < probability,
    whole,
    pick,
    weighted,
    skewed: (median, spread) => median * Math.exp(spread * normal()),
    count,
    bytes,
    uuid,
  };
};
