/** One line of sums to add to, its table named in whatever way the engine needs. */
export type KeyedSum<T> = {
  readonly table: T;
  readonly key: readonly (string | number)[];
  readonly add: readonly number[];
};

const SEPARATOR = '\u0000';

const compare = (one: string | number, other: string | number): number => (one === other ? 0 : one < other ? -1 : 1);

/** Lines are added to in one order everywhere: two processes that do it at once wait for one another, in no circle. */
const inOrder = (one: KeyedSum<unknown>, other: KeyedSum<unknown>): number => {
  for (const [index, part] of one.key.entries()) {
    const order = compare(part, other.key[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
};

/**
 * Adds up what many rows add to the same lines, so that a commit touches each line once. Sorted by key within a table,
 * and tables in the order they first occur; lines whose sums all come to nothing are left out.
 */
export const sumTallies = <T>(tallies: Iterable<KeyedSum<T>>): readonly KeyedSum<T>[] => {
  const tables = new Map<T, Map<string, { key: readonly (string | number)[]; add: number[] }>>();
  for (const { table, key, add } of tallies) {
    let lines = tables.get(table);
    if (lines === undefined) {
      lines = new Map();
      tables.set(table, lines);
    }
    const name = key.join(SEPARATOR);
    const line = lines.get(name);
    if (line === undefined) lines.set(name, { key, add: [...add] });
    else for (let i = 0; i < add.length; i++) line.add[i] = (line.add[i] ?? 0) + (add[i] ?? 0);
  }
  return [...tables].flatMap(([table, lines]) =>
    [...lines.values()]
      .filter(({ add }) => add.some((amount) => amount !== 0))
      .map((line) => ({ table, ...line }))
      .sort(inOrder),
  );
};
