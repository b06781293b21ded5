import { type DayRange, dayOf } from '../../kernel/index.ts';
import { cursorPage, readCursor } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { notValid, toCents } from '../wire.ts';
import type { listSpend, SpendKind, SpendLine } from './contract.ts';
import type { LongKind, ReadLinePage } from './read-line-page.ts';
import { type LineName, type Lines, type ReadLines, readLineNames, readTotal, searchLines } from './read-lines.ts';
import { readRange } from './read-range.ts';
import { type Line, linesAfter } from './rules/pick-lines.ts';
import { shownRange } from './show-spend.ts';

type Query = import('../../platform/contract.ts').QueryOf<typeof listSpend>;
type Deps = Pick<SpendDeps, 'database' | 'policy' | 'now'>;

const SHARE_DIGITS = 1e6;

const toLine = (line: Line, { name, email }: LineName, totalMicros: number): SpendLine => ({
  type: 'spend_line',
  id: line.id,
  name,
  email,
  amount: toCents(line.micros),
  share: totalMicros === 0 ? 0 : Math.round((line.micros / totalMicros) * SHARE_DIGITS) / SHARE_DIGITS,
  service_amount: line.serviceMicros === null ? null : toCents(line.serviceMicros),
});

/** The lines of a report, with their names: those of a page, or all of a file. */
export const nameLines = async (
  deps: Deps,
  by: SpendKind,
  { lines, totalMicros }: Pick<Lines, 'lines' | 'totalMicros'>,
): Promise<readonly SpendLine[]> => {
  const nameOf = await readLineNames(
    deps,
    by,
    lines.map(({ id }) => id),
  );
  return lines.map((line) => toLine(line, nameOf(line.id), totalMicros));
};

type Wanted = {
  readonly range: DayRange;
  readonly search: string | undefined;
  readonly after: Pick<Line, 'micros' | 'id'> | undefined;
};

/** The lines of a page and one more where there are more, and what is said of all of them. */
type Found = Lines & { readonly count: number };

type Readers = { readonly readLines: ReadLines; readonly readLinePage: ReadLinePage };

/** Of what there may be a hundred thousand, the database cuts a page. */
const findLong = async (deps: Deps, { readLinePage }: Readers, by: LongKind, query: Query & Wanted): Promise<Found> => {
  const { range, search, after, limit, rbac_group_id: groupId } = query;
  const [{ lines, count, wholeMicros }, totalMicros] = await Promise.all([
    readLinePage({ by, range, groupId, search, after, limit: limit + 1 }),
    readTotal(deps, range),
  ]);
  return { lines, count, totalMicros, otherMicros: by === 'group' ? null : totalMicros - wholeMicros };
};

/** Of models and workspaces there are some dozens. */
const findShort = async (
  deps: Deps,
  { readLines }: Readers,
  by: SpendKind,
  { range, search, after, limit }: Query & Wanted,
): Promise<Found> => {
  const all = await readLines(by, range);
  const picked = search === undefined ? all.lines : await searchLines(deps, by, { lines: all.lines, search });
  return { ...all, lines: linesAfter(picked, after).slice(0, limit + 1), count: picked.length };
};

/** One page of a report by member, group, model, workspace or key. */
export const listSpendLines = (deps: Deps, readers: Readers) => async (query: Query) => {
  const range: DayRange = readRange(query, dayOf(deps.now()));
  const { by, rbac_group_id, limit } = query;
  if (rbac_group_id !== undefined && by !== 'member')
    throw notValid('rbac_group_id narrows the list of members; give by=member with it.');
  const search = query.search?.trim() || undefined;
  const filters = { list: 'spend', by, ...range, rbac_group_id, search };
  const position = readCursor(query.page, filters);
  const after = position === undefined ? undefined : { micros: Number(position[0]), id: position[1] ?? '' };
  const wanted = { ...query, range, search, after };
  const { lines, count, totalMicros, otherMicros } =
    by === 'model' || by === 'workspace'
      ? await findShort(deps, readers, by, wanted)
      : await findLong(deps, readers, by, wanted);
  const page = cursorPage(
    lines,
    { limit, filters },
    { toItem: (line: Line) => line, positionOf: (line) => [String(line.micros), line.id] },
  );
  return {
    ...shownRange(range),
    by,
    ...page,
    data: [...(await nameLines(deps, by, { lines: page.data, totalMicros }))],
    count,
    total_amount: toCents(totalMicros),
    other_amount: otherMicros === null ? null : toCents(otherMicros),
  };
};
