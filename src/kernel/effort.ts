/** The effort levels of `output_config.effort`, lowest first (Messages API). */
export const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

export type Effort = (typeof EFFORTS)[number];

const RANKS: ReadonlyMap<string, number> = new Map(EFFORTS.map((effort, rank) => [effort, rank]));

/** Position of a level in {@link EFFORTS}: 0 for `low`, 4 for `max`. */
export const effortRank = (effort: Effort): number => RANKS.get(effort) ?? 0;

/** Whether a value from outside is a level this version knows. */
export const isEffort = (value: unknown): value is Effort => typeof value === 'string' && RANKS.has(value);

/** The lower of two levels. */
export const lowerEffort = (a: Effort, b: Effort): Effort => (effortRank(a) <= effortRank(b) ? a : b);

/** The higher of two levels. */
export const higherEffort = (a: Effort, b: Effort): Effort => (effortRank(a) >= effortRank(b) ? a : b);

/** The highest of `offered` that is not above `cap`; undefined when every offered level is above it. */
export const highestWithin = (offered: readonly Effort[], cap: Effort): Effort | undefined =>
  offered.reduce<Effort | undefined>(
    (best, level) =>
      effortRank(level) <= effortRank(cap) && (best === undefined || effortRank(level) > effortRank(best))
        ? level
        : best,
    undefined,
  );
