import { type Expression, type SqlBool, sql } from 'kysely';

const patternOf = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/**
 * Whether one of some columns contains a text, capitals or not. Databases fold the letters of English only, so of others
 * a text is also found as it is written.
 */
export const containing = (columns: readonly string[], text: string): Expression<SqlBool> => {
  const wanted = text.trim();
  const folded = patternOf(wanted.toLowerCase());
  const isEnglish = !/[^\x20-\x7e]/.test(wanted);
  const each = columns.map((column) => {
    const name = sql.ref(column);
    const inFolded = sql<SqlBool>`lower(${name}) like ${folded} escape '\\'`;
    // Every row is looked at: what cannot find more is not looked for.
    return isEnglish ? inFolded : sql<SqlBool>`(${name} like ${patternOf(wanted)} escape '\\' or ${inFolded})`;
  });
  return sql<SqlBool>`(${sql.join(each, sql` or `)})`;
};
