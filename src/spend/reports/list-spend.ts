import { readMemberships } from '../../directory/index.ts';
import { type DayRange, dayOf } from '../../kernel/index.ts';
import { cursorPage, readCursor } from '../../platform/index.ts';
import type { SpendDeps } from '../deps.ts';
import { notValid, toCents } from '../wire.ts';
import type { listSpend, SpendKind, SpendLine } from './contract.ts';
import { type LineName, type Lines, type ReadLines, readLineNames, searchLines } from './read-lines.ts';
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

/** Lines that a page is cut from: all, those of a group's members, those a text is found in. */
const pickLines = async (deps: Deps, query: Query, all: readonly Line[]): Promise<readonly Line[]> => {
  let lines = all;
  if (query.rbac_group_id !== undefined) {
    if (query.by !== 'member') throw notValid('rbac_group_id narrows the list of members; give by=member with it.');
    const inside = new Set((await readMemberships(deps.database, query.rbac_group_id)).map((row) => row.user_id));
    lines = lines.filter(({ id }) => inside.has(id));
  }
  if (query.search !== undefined && query.search.trim() !== '')
    lines = await searchLines(deps, query.by, { lines, search: query.search.trim() });
  return lines;
};

/** One page of a report by member, group, model, workspace or key. */
export const listSpendLines = (deps: Deps, readLines: ReadLines) => async (query: Query) => {
  const range: DayRange = readRange(query, dayOf(deps.now()));
  const { by, rbac_group_id, search, limit } = query;
  const filters = { list: 'spend', by, ...range, rbac_group_id, search };
  const position = readCursor(query.page, filters);
  const all = await readLines(by, range);
  const picked = await pickLines(deps, query, all.lines);
  const after = position === undefined ? undefined : { micros: Number(position[0]), id: position[1] ?? '' };
  const rows = linesAfter(picked, after).slice(0, limit + 1);
  const page = cursorPage(
    rows,
    { limit, filters },
    { toItem: (line: Line) => line, positionOf: (line) => [String(line.micros), line.id] },
  );
  return {
    ...shownRange(range),
    by,
    ...page,
    data: [...(await nameLines(deps, by, { lines: page.data, totalMicros: all.totalMicros }))],
    count: picked.length,
    total_amount: toCents(all.totalMicros),
    other_amount: all.otherMicros === null ? null : toCents(all.otherMicros),
  };
};
