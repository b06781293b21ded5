/** One line of sums to add to, its table named in whatever way the engine needs. */
export type KeyedSum<T> = {
  readonly table: T;
  readonly key: readonly (string | number)[];
  readonly add: readonly number[];
};

type Line<T> = { readonly table: T; readonly key: readonly (string | number)[]; readonly add: number[] };

const compare = (one: string | number, other: string | number): number => (one === other ? 0 : one < other ? -1 : 1);

/** Lines are added to in one order everywhere: two processes that do it at once wait for one another, in no circle. */
const inOrder = (one: KeyedSum<unknown>, other: KeyedSum<unknown>): number => {
  for (const [index, part] of one.key.entries()) {
    const order = compare(part, other.key[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
};

const haveSameRest = (one: readonly (string | number)[], other: readonly (string | number)[]): boolean => {
  for (let i = 1; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
};

const addTo = ({ add: sums }: Line<unknown>, add: readonly number[]): void => {
  for (let i = 0; i < add.length; i++) sums[i] = (sums[i] ?? 0) + (add[i] ?? 0);
};

/** The lines of one table by the first part of their keys, which alone tells nearly all of them apart. */
type Lines<T> = Map<string | number, Line<T>[]>;

const addLine = <T>(lines: Lines<T>, { table, key, add }: KeyedSum<T>): void => {
  const first = key[0] ?? '';
  const known = lines.get(first);
  const line = known?.find((one) => haveSameRest(one.key, key));
  if (line !== undefined) addTo(line, add);
  else if (known !== undefined) known.push({ table, key, add: [...add] });
  else lines.set(first, [{ table, key, add: [...add] }]);
};

/**
 * Adds up what many rows add to the same lines, so that a commit touches each line once. Sorted by key within a table,
 * and tables in the order they first occur; lines whose sums all come to nothing are left out.
 */
export const sumTallies = <T>(tallies: Iterable<KeyedSum<T>>): readonly KeyedSum<T>[] => {
  const tables = new Map<T, Lines<T>>();
  for (const tally of tallies) {
    let lines = tables.get(tally.table);
    if (lines === undefined) {
      lines = new Map();
      tables.set(tally.table, lines);
    }
    addLine(lines, tally);
  }
  return [...tables.values()].flatMap((lines) =>
    [...lines.values()]
      .flat()
      .filter(({ add }) => add.some((amount) => amount !== 0))
      .sort(inOrder),
  );
};
