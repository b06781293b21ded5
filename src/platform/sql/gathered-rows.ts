import type { AppendMore, AppendTable, Durable, SharedRow, SqlValue, Tallies } from './database.ts';
import type { JournalPart } from './journal-store.ts';

/** Rows of one table that wait, what each of them adds to tables of sums and refers to, and who is to be told of it. */
export type OpenPart = {
  readonly table: AppendTable;
  readonly rows: (readonly SqlValue[])[];
  readonly tallies: (Tallies | undefined)[];
  readonly refersTo: (SharedRow | undefined)[];
  readonly durables: (Durable | undefined)[];
};

/** Rows that gather, by their tables. */
export class GatheredRows {
  #parts = new Map<AppendTable, OpenPart>();
  size = 0;
  /** The most rows of one table. */
  most = 0;

  add(table: AppendTable, row: readonly SqlValue[], durable: Durable | undefined, more: AppendMore): void {
    let part = this.#parts.get(table);
    if (part === undefined) {
      part = { table, rows: [], tallies: [], refersTo: [], durables: [] };
      this.#parts.set(table, part);
    }
    part.rows.push(row);
    part.tallies.push(more.tallies);
    part.refersTo.push(more.refersTo);
    part.durables.push(durable);
    this.size += 1;
    if (part.rows.length > this.most) this.most = part.rows.length;
  }

  addAll(parts: readonly OpenPart[]): void {
    for (const { table, rows, durables, tallies, refersTo } of parts)
      rows.forEach((row, at) => {
        this.add(table, row, durables[at], { tallies: tallies[at], refersTo: refersTo[at] });
      });
  }

  take(): readonly OpenPart[] {
    const parts = [...this.#parts.values()];
    this.#parts = new Map();
    this.size = 0;
    this.most = 0;
    return parts;
  }
}

/** Some parts and how many rows they have in all. */
export type Batch<Part = OpenPart> = { readonly parts: readonly Part[]; readonly size: number };

/** How many rows there are in all, and the most of one table in what was added at once, summed up. */
type KeptSize = { readonly size: number; readonly most: number };

/** What is taken of kept rows. */
export type KeptBatch = Batch<JournalPart> & KeptSize;

/** Rows that are on disk, or about to be, and on their way to their tables. Nobody is to be told any more. */
export class KeptRows {
  #parts: JournalPart[] = [];
  size = 0;
  most = 0;

  add(parts: readonly OpenPart[], { size, most }: KeptSize): void {
    // Without those who are told, who hold all of their requests.
    for (const { table, rows, tallies, refersTo } of parts) this.#parts.push({ table, rows, tallies, refersTo });
    this.size += size;
    this.most += most;
  }

  take(): KeptBatch {
    const batch = { parts: this.#parts, size: this.size, most: this.most };
    this.#parts = [];
    this.size = 0;
    this.most = 0;
    return batch;
  }

  putBack({ parts, size, most }: KeptBatch): void {
    this.#parts = [...parts, ...this.#parts];
    this.size += size;
    this.most += most;
  }
}
