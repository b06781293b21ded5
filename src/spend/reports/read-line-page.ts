import { selectIds } from '../../directory/index.ts';
import type { DayRange, Micros } from '../../kernel/index.ts';
import type { SpendDeps } from '../deps.ts';
import { createRemember } from './remember.ts';
import { type LinesPage, reportStore } from './store.ts';

/** The kinds of lines there may be a hundred thousand of; a page of them is cut by the database. */
export type LongKind = 'member' | 'group' | 'api_key';

/** Which page: of all lines, of a group's members, of those a text is found in. */
export type LinePageQuery = {
  readonly by: LongKind;
  readonly range: DayRange;
  readonly groupId?: string | undefined;
  readonly search?: string | undefined;
  readonly after?: { readonly micros: Micros; readonly id: string } | undefined;
  /** One more than are shown tells that there are more. */
  readonly limit: number;
};

export type ReadLinePage = (query: LinePageQuery) => Promise<LinesPage>;

const LISTS = { member: 'members', group: 'groups', api_key: 'apiKeys' } as const;

/** Reads pages of long lists; what took long is reused for a while. `elapsedMs` only measures how long things take. */
export const createReadLinePage = (
  { database }: Pick<SpendDeps, 'database'>,
  elapsedMs: () => number = () => performance.now(),
): ReadLinePage => {
  const store = reportStore(database);
  const remember = createRemember<LinesPage>(elapsedMs);

  const read = async ({ by, range, groupId, search, after, limit }: LinePageQuery): Promise<LinesPage> => {
    const pieces = await store.planOf(range);
    const isAll = groupId === undefined && search === undefined;
    const among = isAll ? undefined : selectIds(database, LISTS[by], { groupId, search });
    const page = { limit, after, among };
    if (by === 'group') return store.readGroupPage(pieces, page);
    return store.readKindPage(by === 'member' ? 'user' : 'key', pieces, page);
  };

  return (query) => remember(JSON.stringify(query), () => read(query));
};
