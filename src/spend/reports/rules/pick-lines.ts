import type { Micros } from '../../../kernel/index.ts';

/** One of those that spend is divided between. */
export type Line = {
  readonly id: string;
  readonly micros: Micros;
  /** Of a group: what of it its service keys spent. */
  readonly serviceMicros: Micros | null;
};

/** The largest first, and those alike by their ids: every page is cut from the same order. */
export const largestFirst = (one: Line, other: Line): number =>
  other.micros - one.micros || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);

/** What each group spent: its members now, each counted in all of their groups, and its service keys. */
export const sumGroups = (spent: {
  readonly byMember: ReadonlyMap<string, Micros>;
  readonly byService: ReadonlyMap<string, Micros>;
  readonly memberships: readonly { readonly group_id: string; readonly user_id: string }[];
}): readonly Line[] => {
  const sums = new Map<string, Micros>(spent.byService);
  for (const { group_id, user_id } of spent.memberships) {
    const micros = spent.byMember.get(user_id);
    if (micros !== undefined) sums.set(group_id, (sums.get(group_id) ?? 0) + micros);
  }
  return [...sums].map(([id, micros]) => ({ id, micros, serviceMicros: spent.byService.get(id) ?? 0 }));
};

/** The lines behind a position in the order of {@link largestFirst}. */
export const linesAfter = (lines: readonly Line[], after: Pick<Line, 'id' | 'micros'> | undefined): readonly Line[] =>
  after === undefined ? lines : lines.filter((line) => largestFirst({ ...after, serviceMicros: null }, line) < 0);
