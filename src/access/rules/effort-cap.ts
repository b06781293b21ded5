import { type Effort, effortRank, highestWithin, isEffort, lowerEffort } from '../../kernel/index.ts';
import type { Model } from './model.ts';

/** The level nobody has to grant: without a stricter word from an administrator, any effort is allowed. */
export const NO_LIMIT: Effort = 'max';

/**
 * The largest `thinking.budget_tokens` each level stands for, on models that think by budget; null is unbounded. The
 * steps are Remit's: the provider maps no budget to a level. 31,999 is what Claude Code itself asks for at most.
 */
export const THINKING_BUDGETS: Readonly<Record<Effort, number | null>> = {
  low: 4_000,
  medium: 10_000,
  high: 31_999,
  xhigh: 63_999,
  max: null,
};

/** The highest level a model accepts; for a model without the effort parameter, no limit. */
export const highestOf = (model: Model): Effort => model.efforts.at(-1) ?? NO_LIMIT;

const lowestOf = (model: Model): Effort => model.efforts[0] ?? 'low';

/** The level a model really runs at for a known level: the highest it accepts that is not above, else its lowest. */
export const offeredEffort = (model: Model, level: Effort): Effort =>
  model.efforts.length === 0 ? level : (highestWithin(model.efforts, level) ?? lowestOf(model));

/** The highest level `limit` leaves on a model. Without an effort parameter that is the limit itself (it bounds budgets). */
export const capWithin = (model: Model, limit: Effort): Effort => offeredEffort(model, limit);

/** A wish for a starting effort, made to fit a model and a limit; null where the model has no effort parameter. */
export const fitEffort = (model: Model, wish: Effort, limit: Effort): Effort | null =>
  model.efforts.length === 0 ? null : offeredEffort(model, lowerEffort(wish, limit));

/** Whether `a` is a higher level than `b`. */
export const isAbove = (a: Effort, b: Effort): boolean => effortRank(a) > effortRank(b);

/**
 * What becomes of an asked level on a model with an effort parameter. `offered` is the level the model would run it at,
 * null for a level this version does not know; `to` is the level it may run at, null when an unknown level may pass
 * (only where the cap takes nothing away, so that a newer client's new level still works).
 */
export type WeighedEffort = { readonly offered: Effort | null; readonly to: Effort | null };

/** Weighs an asked level against a cap; see {@link WeighedEffort}. */
export const weighEffort = (asked: string, model: Model, cap: Effort): WeighedEffort => {
  if (!isEffort(asked)) return { offered: null, to: cap === highestOf(model) ? null : cap };
  const offered = offeredEffort(model, asked);
  return { offered, to: lowerEffort(offered, cap) };
};
