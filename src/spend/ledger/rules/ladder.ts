import { EFFORTS, type Effort, lowerEffort } from '../../../kernel/index.ts';
import { type Standing, standing } from './admit.ts';

/** What nearly reached limits take away until their periods end; the shape the evaluator takes. */
export type LadderEffect = {
  readonly models: { readonly families: readonly string[]; readonly percent: number } | null;
  readonly effort: { readonly cap: Effort; readonly percent: number } | null;
};

/** How full a limit is, in percent, rounded down; a limit of nothing is full. */
export const percentOf = ({ ceiling, balance }: Standing): number =>
  ceiling.amountMicros <= 0 ? 100 : Math.floor((standing(balance) * 100) / ceiling.amountMicros);

const isEffort = (level: string): level is Effort => (EFFORTS as readonly string[]).includes(level);

/**
 * The steps that the limits have come to: every one whose share is reached applies. Of several efforts the lowest holds; of
 * several lists of families only what all of them leave. null when none is reached, which costs next to nothing to find.
 */
export const ladderOf = (standings: readonly Standing[]): LadderEffect | null => {
  let models: LadderEffect['models'] = null;
  let effort: LadderEffect['effort'] = null;
  for (const one of standings) {
    if (one.ceiling.ladder.length === 0) continue;
    const percent = percentOf(one);
    for (const step of one.ceiling.ladder) {
      if (percent < step.atPercent) continue;
      if (step.action === 'lower_effort' && isEffort(step.effort))
        effort = { cap: effort === null ? step.effort : lowerEffort(effort.cap, step.effort), percent };
      if (step.action === 'restrict_models') {
        const before: readonly string[] = models?.families ?? step.families;
        models = { families: step.families.filter((family) => before.includes(family)), percent };
      }
    }
  }
  return models === null && effort === null ? null : { models, effort };
};
