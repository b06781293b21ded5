import type { Filter, Operand as FilterOperand } from '../rules/filter/bind-filter.ts';
import type { ResourceType, TopAttribute } from '../rules/schema/resource-type.ts';
import { badRequest, type ScimError } from '../rules/scim-error.ts';
import { fold } from '../rules/value.ts';
import { all, any, type Condition, compare, FALSE, isThere, negate, TRUE } from './compare-sql.ts';
import { groupPlaces } from './group-places.ts';
import type { Places, Rows } from './places.ts';
import { userPlaces } from './user-places.ts';

const unsupported = (name: string): ScimError =>
  badRequest('invalidFilter', `${name} can be read, but nothing can be searched by it.`);

/** A filter as a condition on the rows `u` of people or `g` of groups; means what `matchesResource` answers. */
export const filterCondition = (type: ResourceType, filter: Filter): Condition =>
  condition(filter, type.name === 'User' ? userPlaces : groupPlaces);

/** A filter from brackets as a condition on the rows of one list. */
export const elementCondition = (filter: Filter, rows: Rows): Condition =>
  condition(filter, {
    column: ({ part }) => rows.parts[part?.name ?? ''],
    list: () => undefined,
  });

const condition = (filter: Filter, places: Places): Condition => {
  switch (filter.kind) {
    case 'compare':
      return comparison(filter, places);
    case 'present':
      return presence(filter.operand, places);
    case 'element':
      return element(filter.top, filter.within, places);
    case 'not':
      return negate(condition(filter.operand, places));
    case 'and':
      return all(filter.operands.map((operand) => condition(operand, places)));
    case 'or':
      return any(filter.operands.map((operand) => condition(operand, places)));
    default:
      return filter satisfies never;
  }
};

type Comparison = Extract<Filter, { kind: 'compare' }>;

const comparison = ({ operand, operator, value }: Comparison, places: Places): Condition => {
  const { type, caseExact } = operand.part ?? operand.top.attribute;
  const column = places.column(operand);
  const wanted = value === null ? null : storedForm(value, type, caseExact);
  if (column !== undefined) {
    if (wanted === null) return operator === 'eq' ? negate(isThere(column)) : isThere(column);
    return compare(column, operator, wanted);
  }
  const { rows, part } = listOf(operand, places);
  const isAssigned = rows.within(isThere(part));
  if (wanted === null) return operator === 'eq' ? negate(isAssigned) : isAssigned;
  if (operator === 'ne')
    return any([negate(isAssigned), rows.within(all([isThere(part), compare(part, 'ne', wanted)]))]);
  return rows.within(compare(part, operator, wanted));
};

const storedForm = (value: string | boolean, type: string, isCaseExact: boolean): string | number => {
  if (typeof value === 'boolean') return Number(value);
  return type === 'dateTime' ? Date.parse(value) : fold(value, isCaseExact);
};

const listOf = ({ top, part }: FilterOperand, places: Places) => {
  const rows = places.list(top);
  const found = rows?.parts[part?.name ?? ''];
  if (rows === undefined || found === undefined) throw unsupported(part?.name ?? top.attribute.name);
  return { rows, part: found };
};

const presence = (operand: FilterOperand, places: Places): Condition => {
  const { top, part } = operand;
  if (part !== undefined || top.attribute.type !== 'complex') {
    const column = places.column(operand);
    if (column !== undefined) return isThere(column);
    const list = listOf(operand, places);
    return list.rows.within(isThere(list.part));
  }
  return places.list(top)?.within(TRUE) ?? anyPart(top, places);
};

const anyPart = (top: TopAttribute, places: Places): Condition =>
  any(
    (top.attribute.subAttributes ?? []).flatMap((part) => {
      const column = places.column({ top, part });
      return column === undefined ? [] : [isThere(column)];
    }),
  );

const element = (top: TopAttribute, within: Filter, places: Places): Condition => {
  const rows = places.list(top);
  if (rows !== undefined) return rows.within(elementCondition(within, rows));
  const parts = anyPart(top, places);
  return parts === FALSE ? FALSE : all([parts, condition(within, places)]);
};
