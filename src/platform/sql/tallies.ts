import type { Tallies, TallyLine, TallyTable } from './database.ts';

/** What is added to one table of sums, each line once. */
export type Sums = { readonly table: TallyTable; readonly lines: readonly TallyLine[] };

const compare = (one: string | number, other: string | number): number => (one === other ? 0 : one < other ? -1 : 1);

/** Lines are added to in one order everywhere: two processes that do it at once wait for one another, in no circle. */
const inOrder = (one: TallyLine, other: TallyLine): number => {
  for (const [index, part] of one.entries()) {
    const order = compare(part, other[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
};

type Line = (string | number)[];

/** The lines of one table by the first of their keys, which alone tells nearly all of them apart. */
class Lines {
  readonly #keys: number;
  readonly #byFirst = new Map<string | number, Line[]>();

  constructor({ keys }: TallyTable) {
    this.#keys = keys.length;
  }

  addAll(lines: readonly TallyLine[]): void {
    for (let i = 0; i < lines.length; i++) this.#add(lines[i] ?? []);
  }

  #add(line: TallyLine): void {
    const first = line[0] ?? '';
    const known = this.#byFirst.get(first);
    if (known === undefined) {
      this.#byFirst.set(first, [[...line]]);
      return;
    }
    for (const one of known)
      if (this.#haveSameKeys(one, line)) {
        for (let i = this.#keys; i < line.length; i++) one[i] = Number(one[i]) + Number(line[i]);
        return;
      }
    known.push([...line]);
  }

  /** Sorted by key, without those that come to nothing. */
  list(): readonly TallyLine[] {
    return [...this.#byFirst.values()]
      .flat()
      .filter((line) => line.some((sum, at) => at >= this.#keys && sum !== 0))
      .sort(inOrder);
  }

  #haveSameKeys(one: TallyLine, other: TallyLine): boolean {
    for (let i = 1; i < this.#keys; i++) if (one[i] !== other[i]) return false;
    return true;
  }
}

/**
 * Adds up what many rows add to the same lines, so that a commit touches each line once. Sorted by key within a table,
 * and tables in the order they first occur; lines whose sums all come to nothing are left out.
 */
export const sumTallies = (tallies: Iterable<Tallies>): readonly Sums[] => {
  const tables = new Map<TallyTable, Lines>();
  for (const each of tallies) {
    let lines = tables.get(each.table);
    if (lines === undefined) {
      lines = new Lines(each.table);
      tables.set(each.table, lines);
    }
    lines.addAll(each.lines());
  }
  return [...tables].map(([table, lines]) => ({ table, lines: lines.list() })).filter(({ lines }) => lines.length > 0);
};
