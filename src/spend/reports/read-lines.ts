import { type Names, readDefaultWorkspaceId, readMemberships, readNames } from '../../directory/index.ts';
import type { DayRange, Micros } from '../../kernel/index.ts';
import type { SpendDeps } from '../deps.ts';
import { ORGANISATION } from '../ledger/rules/account.ts';
import type { SpendKind } from './contract.ts';
import { createRemember } from './remember.ts';
import { type Line, largestFirst, sumGroups } from './rules/pick-lines.ts';
import { reportStore } from './store.ts';

/** Who or what the spend of a range belongs to, the largest first, and what of it belongs to no line. */
export type Lines = {
  readonly lines: readonly Line[];
  readonly totalMicros: Micros;
  /** null by group, where one amount may stand in several lines. */
  readonly otherMicros: Micros | null;
};

export type ReadLines = (by: SpendKind, range: DayRange) => Promise<Lines>;

const KIND_OF_ACCOUNT = { member: 'user', model: 'model', workspace: 'workspace', api_key: 'key' } as const;

/** All that was spent in a range, whoever spent it. */
export const readTotal = async ({ database }: Pick<SpendDeps, 'database'>, range: DayRange): Promise<Micros> => {
  const days = await reportStore(database).readDays([ORGANISATION], range);
  return [...days.values()].reduce((sum, { settledMicros }) => sum + settledMicros, 0);
};

/** Reads lines; what took long is reused for a while. `elapsedMs` is a clock that only measures how long things take. */
export const createReadLines = (
  { database }: Pick<SpendDeps, 'database'>,
  elapsedMs: () => number = () => performance.now(),
): ReadLines => {
  const store = reportStore(database);
  const rememberKind = createRemember<ReadonlyMap<string, Micros>>(elapsedMs);
  const rememberLines = createRemember<Lines>(elapsedMs);
  const readKind = (kind: string, range: DayRange) =>
    rememberKind(`${kind} ${range.from} ${range.until}`, async () => store.readKind(kind, await store.planOf(range)));

  const readGroups = async (range: DayRange): Promise<readonly Line[]> => {
    const [byMember, byService, memberships] = await Promise.all([
      readKind('user', range),
      readKind('service', range),
      readMemberships(database),
    ]);
    return sumGroups({ byMember, byService, memberships });
  };

  const readOf = async (by: SpendKind, range: DayRange): Promise<readonly Line[]> => {
    if (by === 'group') return readGroups(range);
    const sums = await readKind(KIND_OF_ACCOUNT[by], range);
    return [...sums].map(([id, micros]) => ({ id, micros, serviceMicros: null }));
  };

  /** Requests that name no workspace count for the default one: it has what no other workspace has. */
  const withDefault = async (lines: readonly Line[], restMicros: Micros): Promise<readonly Line[]> => {
    if (restMicros === 0) return lines;
    const id = await readDefaultWorkspaceId(database);
    const own = lines.find((line) => line.id === id)?.micros ?? 0;
    return [...lines.filter((line) => line.id !== id), { id, micros: own + restMicros, serviceMicros: null }];
  };

  const read = async (by: SpendKind, range: DayRange): Promise<Lines> => {
    const [found, totalMicros] = await Promise.all([readOf(by, range), readTotal({ database }, range)]);
    const restMicros = totalMicros - found.reduce((sum, { micros }) => sum + micros, 0);
    const lines = by === 'workspace' ? await withDefault(found, restMicros) : found;
    const otherMicros = by === 'group' ? null : by === 'workspace' ? 0 : restMicros;
    return { lines: [...lines].sort(largestFirst), totalMicros, otherMicros };
  };

  return (by, range) => rememberLines(`${by} ${range.from} ${range.until}`, () => read(by, range));
};

/** What a line is called; an id that nobody knows any more stands for itself. */
export type LineName = { readonly name: string; readonly email: string | null };

/** Names lines of one kind. */
export const readLineNames = async (
  { database, policy }: Pick<SpendDeps, 'database' | 'policy'>,
  by: SpendKind,
  ids: readonly string[],
): Promise<(id: string) => LineName> => {
  if (by === 'model') {
    const { byId } = policy.current().index;
    return (id) => ({ name: byId.get(id)?.displayName ?? id, email: null });
  }
  const lists = { member: 'members', group: 'groups', workspace: 'workspaces', api_key: 'apiKeys' } as const;
  const list: keyof Names = lists[by];
  const names = await readNames(database, { [list]: ids });
  return (id) => ({ name: names[list].get(id)?.name || id, email: names.members.get(id)?.email ?? null });
};

/** Which of the lines a text is found in, by name or id. For lists of some dozens. */
export const searchLines = async (
  deps: Pick<SpendDeps, 'database' | 'policy'>,
  by: SpendKind,
  { lines, search }: { readonly lines: readonly Line[]; readonly search: string },
): Promise<readonly Line[]> => {
  const text = search.toLowerCase();
  const ids = lines.map(({ id }) => id);
  const nameOf = await readLineNames(deps, by, ids);
  return lines.filter(({ id }) => id.toLowerCase().includes(text) || nameOf(id).name.toLowerCase().includes(text));
};
