import { type RawBuilder, sql } from 'kysely';
import type { Operator } from '../rules/filter/syntax.ts';

/** A condition that is never null, so that `not` turns it round. */
export type Condition = RawBuilder<boolean>;

/** Something a row holds: text folded as it compares, or a number. */
export type Operand = RawBuilder<unknown>;

export const TRUE: Condition = sql<boolean>`1 = 1`;
export const FALSE: Condition = sql<boolean>`1 = 0`;

export const isThere = (operand: Operand): Condition => sql<boolean>`${operand} is not null`;

export const negate = (condition: Condition): Condition => sql<boolean>`not (${condition})`;

/** All of the conditions; true for none. */
export const all = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? TRUE : sql<boolean>`(${sql.join(conditions, sql` and `)})`;

/** One of the conditions; false for none. */
export const any = (conditions: readonly Condition[]): Condition =>
  conditions.length === 0 ? FALSE : sql<boolean>`(${sql.join(conditions, sql` or `)})`;

/**
 * Compares what a row holds with a value in the form it is stored in. What is absent differs from everything. Texts are
 * compared without LIKE, whose wildcards and case differ between the engines.
 */
export const compare = (operand: Operand, operator: Operator, value: string | number): Condition => {
  if (operator === 'ne') return sql<boolean>`(${operand} is null or ${operand} <> ${value})`;
  return sql<boolean>`(${operand} is not null and ${holds(operand, operator, value)})`;
};

const holds = (operand: Operand, operator: Exclude<Operator, 'ne'>, value: string | number): Condition => {
  switch (operator) {
    case 'eq':
      return sql<boolean>`${operand} = ${value}`;
    case 'gt':
      return sql<boolean>`${operand} > ${value}`;
    case 'ge':
      return sql<boolean>`${operand} >= ${value}`;
    case 'lt':
      return sql<boolean>`${operand} < ${value}`;
    case 'le':
      return sql<boolean>`${operand} <= ${value}`;
    case 'sw':
      return value === '' ? TRUE : sql<boolean>`substr(${operand}, 1, ${lengthOf(value)}) = ${value}`;
    case 'ew':
      return value === '' ? TRUE : endsWith(operand, value);
    case 'co':
      return value === '' ? TRUE : sql<boolean>`replace(${operand}, ${value}, '') <> ${operand}`;
    default:
      return operator satisfies never;
  }
};

const endsWith = (operand: Operand, value: string | number): Condition => {
  const length = lengthOf(value);
  const start = sql`length(${operand}) - ${length} + 1`;
  return sql<boolean>`(length(${operand}) >= ${length} and substr(${operand}, ${start}) = ${value})`;
};

// Both databases count characters by code points. A literal, because a parameter has no type of its own in PostgreSQL.
const lengthOf = (value: string | number) => sql.lit([...String(value)].length);
