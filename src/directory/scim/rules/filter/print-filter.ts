import type { FilterSyntax } from './syntax.ts';

const BINDING = { or: 0, and: 1, not: 2, compare: 3, present: 3, element: 3 } as const;

/** Writes a filter so that {@link parseFilter} reads the same again; parentheses only where they are needed. */
export const printFilter = (filter: FilterSyntax): string => {
  switch (filter.kind) {
    case 'compare':
      return `${filter.name} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'present':
      return `${filter.name} pr`;
    case 'element':
      return `${filter.name}[${printFilter(filter.within)}]`;
    case 'not':
      return `not (${printFilter(filter.operand)})`;
    case 'and':
    case 'or':
      return filter.operands.map((operand) => printOperand(filter.kind, operand)).join(` ${filter.kind} `);
    default:
      return filter satisfies never;
  }
};

const printOperand = (outer: 'and' | 'or', operand: FilterSyntax): string =>
  BINDING[operand.kind] <= BINDING[outer] ? `(${printFilter(operand)})` : printFilter(operand);
