import { type Expression, type SqlBool, sql } from 'kysely';

/** Which way a list goes by the column it is sorted by. */
export type SortOrder = 'asc' | 'desc';

/** The other way: a page that is read backwards begins with its nearest row. */
export const reversed = (order: SortOrder): SortOrder => (order === 'asc' ? 'desc' : 'asc');

/** Where a page begins: behind the row with this id, which has this value in the column the list is sorted by. */
export type Behind = { readonly column: string; readonly value: string; readonly id: string };

/** The rows behind one of them, in the order of a column and then of ids. Both engines compare rows from left to right. */
export const behind = ({ column, value, id }: Behind, order: SortOrder): Expression<SqlBool> =>
  sql<SqlBool>`(${sql.ref(column)}, ${sql.ref('id')}) ${sql.raw(order === 'asc' ? '>' : '<')} (${value}, ${id})`;
