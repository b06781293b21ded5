import type { Operand as FilterOperand } from '../rules/filter/bind-filter.ts';
import type { TopAttribute } from '../rules/schema/resource-type.ts';
import type { Condition, Operand } from './compare-sql.ts';

/** The rows of a list: `within(condition)` is "one of this resource's rows meets the condition". */
export type Rows = {
  readonly within: (condition: Condition) => Condition;
  readonly parts: Readonly<Record<string, Operand>>;
};

/** Where everything of a resource type is found in SQL; undefined for what is not searched by. */
export type Places = {
  readonly column: (operand: FilterOperand) => Operand | undefined;
  readonly list: (top: TopAttribute) => Rows | undefined;
};
