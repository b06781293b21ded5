import { type Effort, lowerEffort } from '../../kernel/index.ts';
import { capWithin, isAbove } from './effort-cap.ts';
import type { Entitlement } from './entitlement.ts';
import { isAlwaysAvailable, type ModelLine } from './model.ts';

/** What a spend limit that is nearly reached takes away until its period ends; each half with how full the limit is. */
export type Restriction = {
  /** The only families left beside the models that are always available; null for all. */
  readonly models: { readonly lines: readonly ModelLine[]; readonly percent: number } | null;
  readonly effort: { readonly cap: Effort; readonly percent: number } | null;
};

/** One text per restriction, the same for equal ones. */
export const restrictionKey = ({ models, effort }: Restriction): string =>
  `${models === null ? '' : `${models.lines.join(',')} ${models.percent}`}/${effort === null ? '' : `${effort.cap} ${effort.percent}`}`;

/** An entitlement with what the restriction leaves of it. */
export const restrict = (entitlement: Entitlement, { models, effort }: Restriction): Entitlement => {
  let left = entitlement;
  const { model } = entitlement;
  if (
    models !== null &&
    left.allowed &&
    !isAlwaysAvailable(model) &&
    (model.line === null || !models.lines.includes(model.line))
  )
    left = { ...left, allowed: false, stoppedBy: 'organisation', closedAtPercent: models.percent };
  if (effort !== null && isAbove(left.limit, effort.cap)) {
    const limit = lowerEffort(left.limit, effort.cap);
    left = { ...left, limit, cap: capWithin(model, limit), cappedAtPercent: effort.percent };
  }
  return left;
};
