import { type Complex, compareText, fold, isComplex, isList, type Resource, type Simple } from '../value.ts';
import type { Filter, Operand } from './bind-filter.ts';
import type { Operator } from './syntax.ts';

/**
 * Whether a filter holds for a resource. What is not there differs from every value, so `ne` holds and everything else
 * does not. On a list, a comparison holds if it does for one of its elements; `ne` also on an empty one.
 */
export const matchesResource = (filter: Filter, resource: Resource): boolean =>
  matches(filter, {
    values: (operand) => valuesOf(operand, resource),
    elements: (key) => {
      const value = resource.get(key);
      return isList(value) ? value : isComplex(value) ? [value] : [];
    },
  });

/** Whether a filter from brackets holds for one element. */
export const matchesElement = (filter: Filter, element: Complex): boolean =>
  matches(filter, { values: ({ part }) => present(element.get(part?.name ?? '')), elements: () => [element] });

type Subject = {
  values(operand: Operand): readonly Simple[];
  elements(key: string): readonly Complex[];
};

const present = (value: Simple | undefined): readonly Simple[] => (value === undefined || value === '' ? [] : [value]);

const valuesOf = ({ top, part }: Operand, resource: Resource): readonly Simple[] => {
  const value = resource.get(top.key);
  if (value === undefined) return [];
  if (isList(value)) return value.flatMap((one) => partsOf(one, part?.name));
  return isComplex(value) ? partsOf(value, part?.name) : present(value);
};

const partsOf = (value: Complex, part: string | undefined): readonly Simple[] =>
  part === undefined ? [...value.values()].flatMap(present) : present(value.get(part));

const matches = (filter: Filter, subject: Subject): boolean => {
  switch (filter.kind) {
    case 'compare':
      return compares(filter, subject.values(filter.operand));
    case 'present':
      return subject.values(filter.operand).length > 0;
    case 'element':
      return subject.elements(filter.top.key).some((one) => matchesElement(filter.within, one));
    case 'not':
      return !matches(filter.operand, subject);
    case 'and':
      return filter.operands.every((operand) => matches(operand, subject));
    case 'or':
      return filter.operands.some((operand) => matches(operand, subject));
    default:
      return filter satisfies never;
  }
};

type Comparison = Extract<Filter, { kind: 'compare' }>;

const compares = ({ operand, operator, value }: Comparison, values: readonly Simple[]): boolean => {
  if (value === null) return (values.length === 0) === (operator === 'eq');
  if (values.length === 0) return operator === 'ne';
  const { caseExact, type } = operand.part ?? operand.top.attribute;
  const folded = (one: Simple) => fold(String(one), caseExact);
  const wanted = folded(value);
  if (type === 'dateTime') return values.some((one) => inOrder(operator, Date.parse(String(one)) - Date.parse(wanted)));
  return values.some((one) => holds(operator, folded(one), wanted));
};

const holds = (operator: Operator, actual: string, wanted: string): boolean => {
  if (operator === 'co') return actual.includes(wanted);
  if (operator === 'sw') return actual.startsWith(wanted);
  if (operator === 'ew') return actual.endsWith(wanted);
  return inOrder(operator, compareText(actual, wanted));
};

const inOrder = (operator: Operator, difference: number): boolean => {
  switch (operator) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'gt':
      return difference > 0;
    case 'ge':
      return difference >= 0;
    case 'lt':
      return difference < 0;
    case 'le':
      return difference <= 0;
    default:
      return false;
  }
};
