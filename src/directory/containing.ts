import { type Expression, type SqlBool, sql } from 'kysely';

const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/**
 * Whether one of some columns contains a text, capitals or not. Databases fold the letters of English only, so of others
 * a text is also found as it is written.
 */
export const containing = (columns: readonly string[], text: string): Expression<SqlBool> => {
  const wanted = text.trim();
  const [written, folded] = [patternOf(wanted), patternOf(wanted.toLowerCase())];
  const each = columns.map(
    (column) =>
      sql<SqlBool>`(${sql.ref(column)} like ${written} escape '\\' or lower(${sql.ref(column)}) like ${folded} escape '\\')`,
  );
  return sql<SqlBool>`(${sql.join(each, sql` or `)})`;
};
