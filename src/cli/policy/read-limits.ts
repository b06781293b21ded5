import type { Call } from '../../platform/contract.ts';
import { listSpendLimits, type SpendLimit } from '../../spend/contract.ts';
import { readCursorPages } from '../pages.ts';
import type { LimitState } from './rules/state.ts';

/** The id of what a scope names; empty for those of which there is one. */
const targetOf = ({ type: _, ...named }: SpendLimit['scope']): string => Object.values(named)[0] ?? '';

/** Every limit that is set. */
export const readLimits = async (call: Call): Promise<readonly LimitState[]> =>
  (await readCursorPages((query) => call(listSpendLimits, { query }))).map((limit) => ({
    id: limit.id,
    type: limit.scope.type,
    target: targetOf(limit.scope),
    period: limit.period,
    amount: limit.amount,
    isEnabled: limit.is_enabled,
    mode: limit.mode,
    ladder: limit.ladder,
  }));
