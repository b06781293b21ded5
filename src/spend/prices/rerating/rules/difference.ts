import type { Day, Micros } from '../../../../kernel/index.ts';
import type { ChargedRow, Verdict } from './rate-again.ts';

/** What something cost and would cost. */
export type Sum = { readonly beforeMicros: Micros; readonly afterMicros: Micros };

/** What re-rating rows comes to. */
export type Difference = Sum & {
  readonly rows: number;
  readonly rowsChanged: number;
  /** Rows that are left as they are, because nobody can say how they came about; their cost is in both sums. */
  readonly rowsLeft: number;
  /** Only what changes, by the model asked for (null: unknown), member and day. */
  readonly byModel: ReadonlyMap<string | null, Sum>;
  readonly byMember: ReadonlyMap<string, Sum>;
  readonly byDay: ReadonlyMap<Day, Sum>;
};

const NOTHING: Sum = { beforeMicros: 0, afterMicros: 0 };

const grown = <K>(sums: Map<K, Sum>, key: K, by: Sum): void => {
  const { beforeMicros, afterMicros } = sums.get(key) ?? NOTHING;
  sums.set(key, { beforeMicros: beforeMicros + by.beforeMicros, afterMicros: afterMicros + by.afterMicros });
};

/** Adds up what re-rating comes to, row by row. */
export const createDifference = () => {
  const sums = new Map<'all', Sum>();
  const byModel = new Map<string | null, Sum>();
  const byMember = new Map<string, Sum>();
  const byDay = new Map<Day, Sum>();
  const counts = { rows: 0, rowsChanged: 0, rowsLeft: 0 };
  return {
    add: (row: ChargedRow, verdict: Verdict): void => {
      const afterMicros = verdict.kind === 'changed' ? verdict.afterMicros : row.costMicros;
      const sum = { beforeMicros: row.costMicros, afterMicros };
      counts.rows += 1;
      grown(sums, 'all', sum);
      if (verdict.kind === 'unknown') counts.rowsLeft += 1;
      if (verdict.kind !== 'changed') return;
      counts.rowsChanged += 1;
      grown(byModel, row.modelId, sum);
      grown(byDay, row.day, sum);
      if (row.userId !== null) grown(byMember, row.userId, sum);
    },
    result: (): Difference => ({ ...counts, ...(sums.get('all') ?? NOTHING), byModel, byMember, byDay }),
  };
};

/** Sums by how much they change, the largest change first. */
export const largestChangeFirst = <K>(sums: ReadonlyMap<K, Sum>): readonly (readonly [K, Sum])[] => {
  const change = ({ beforeMicros, afterMicros }: Sum) => Math.abs(afterMicros - beforeMicros);
  return [...sums].sort(([, one], [, other]) => change(other) - change(one));
};
