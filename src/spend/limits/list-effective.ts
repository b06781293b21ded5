import { readSpenders, type SpenderRow } from '../../directory/index.ts';
import { PERIODS, type Period } from '../../kernel/index.ts';
import { cursorPage, type Position } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import type { LimitRules } from './rules/limit.ts';
import { type OwnLimit, ownLimits, summarise } from './summarise.ts';

/** Members per reading; most have a limit or none has. */
const MEMBERS_PER_READING = 1000;

/** More overrides than this are looked for among everybody. */
const OVERRIDES_MAX = 1000;

const NOTHING = { toItem: (none: never): never => none, positionOf: (): Position => [] };

/** The only members who can have a limit of their own; undefined where some limit is everybody's, a group's or a seat's. */
const ownersOf = ({ limits }: LimitRules): readonly string[] | undefined => {
  const ids = new Set<string>();
  for (const { scope, isEnabled } of limits.values()) {
    if (!isEnabled) continue;
    if (scope.type === 'user') ids.add(scope.userId);
    const isForMany = scope.type === 'organization' || scope.type === 'seat_tier' || scope.type === 'rbac_group';
    if (isForMany || ids.size > OVERRIDES_MAX) return undefined;
  }
  return [...ids];
};

export type EffectiveQuery = {
  /** Only these members; everybody when empty. */
  readonly userIds: readonly string[];
  /** Only these periods; all when empty. */
  readonly periods: readonly Period[];
  readonly limit: number;
  readonly after: Position | undefined;
  readonly filters: unknown;
};

/**
 * Each member's own limits, a page of members at a time, so that one member's periods never stand on two pages. Members
 * without any limit are left out, and no page is empty before the last: clients stop at one.
 */
export const listEffective =
  ({ database, spendPolicy, now }: Pick<SpendDeps, 'database' | 'spendPolicy' | 'now'>) =>
  async ({ userIds, periods, limit, after, filters }: EffectiveQuery) => {
    const asked = PERIODS.filter((period) => periods.length === 0 || periods.includes(period));
    const ids = userIds.length > 0 ? userIds : ownersOf(spendPolicy.rules);
    if (ids?.length === 0) return cursorPage([], { limit, filters }, NOTHING);
    const found: { readonly member: SpenderRow; readonly own: readonly OwnLimit[] }[] = [];
    let afterId = after?.[0];
    while (found.length <= limit) {
      const members = await readSpenders(database, { limit: MEMBERS_PER_READING, afterId, ids });
      for (const member of members) {
        const own = ownLimits(spendPolicy.rules, member, asked);
        if (own.length > 0) found.push({ member, own });
      }
      afterId = members.at(-1)?.id;
      if (members.length < MEMBERS_PER_READING) break;
    }
    const { data, ...page } = cursorPage(
      found,
      { limit, filters },
      {
        toItem: ({ own }) => own,
        positionOf: ({ member }) => [member.id],
      },
    );
    return { data: await summarise(database, data.flat(), now()), ...page };
  };
