/** Which column a table is sorted by, and which way. */
export type Sorting = { readonly key: string; readonly descending: boolean };

/** The next order after a click on a column's header: ascending, descending, ascending … */
export const toggleSorting = (current: Sorting | undefined, key: string): Sorting => ({
  key,
  descending: current?.key === key ? !current.descending : false,
});

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en', { numeric: true });

/** The rows in order; rows that compare alike keep the order they came in. Without a column, the order they came in. */
export const sortRows = <Row>(
  rows: readonly Row[],
  by: ((row: Row) => string | number) | undefined,
  descending: boolean,
): readonly Row[] => {
  if (by === undefined) return rows;
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(by(a), by(b)));
};
