import { findNamed, RESOURCE_TYPES, type ResourceType } from '../schema/resource-type.ts';
import type { FilterSyntax } from './syntax.ts';

const ALWAYS: FilterSyntax = { kind: 'and', operands: [] };
const NEVER: FilterSyntax = { kind: 'or', operands: [] };

/**
 * A filter over all types as it reads for one of them: an attribute that only another type has is absent from this one's
 * resources, so it differs from everything (RFC 7644 §3.4.2.1). Names that no type has stay, to be refused.
 */
export const settleForeign = (type: ResourceType, syntax: FilterSyntax): FilterSyntax => {
  switch (syntax.kind) {
    case 'not':
      return { kind: 'not', operand: settleForeign(type, syntax.operand) };
    case 'and':
    case 'or':
      return { kind: syntax.kind, operands: syntax.operands.map((operand) => settleForeign(type, operand)) };
    case 'compare':
      if (!isForeign(type, syntax.name)) return syntax;
      return isTrueOfNothing(syntax) ? ALWAYS : NEVER;
    case 'present':
    case 'element':
      return isForeign(type, syntax.name) ? NEVER : syntax;
    default:
      return syntax satisfies never;
  }
};

const isTrueOfNothing = ({ operator, value }: Extract<FilterSyntax, { kind: 'compare' }>): boolean =>
  (operator === 'ne' && value !== null) || (operator === 'eq' && value === null);

const isForeign = (type: ResourceType, name: string): boolean =>
  findNamed(type, name) === undefined && RESOURCE_TYPES.some((one) => findNamed(one, name) !== undefined);
