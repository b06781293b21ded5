import type { Attribute } from '../schema/attribute.ts';
import { findNamed, type ResourceType, type TopAttribute } from '../schema/resource-type.ts';
import { badRequest, type ScimError } from '../scim-error.ts';
import type { FilterSyntax, Literal, Operator } from './syntax.ts';

/** What a comparison looks at: an attribute without parts, or one part of an attribute. */
export type Operand = { readonly top: TopAttribute; readonly part: Attribute | undefined };

/** A filter whose attributes exist and whose values have the attributes' types. */
export type Filter =
  | {
      readonly kind: 'compare';
      readonly operand: Operand;
      readonly operator: Operator;
      readonly value: string | boolean | null;
    }
  | { readonly kind: 'present'; readonly operand: Operand }
  /** One element of the list meets all of `within`, whose operands are parts of it. */
  | { readonly kind: 'element'; readonly top: TopAttribute; readonly within: Filter }
  | { readonly kind: 'not'; readonly operand: Filter }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Filter[] };

const invalid = (detail: string): ScimError => badRequest('invalidFilter', detail);

const ORDER: ReadonlySet<Operator> = new Set(['gt', 'lt', 'ge', 'le']);
const SUBSTRING: ReadonlySet<Operator> = new Set(['co', 'sw', 'ew']);

/** Finds what the names of a filter mean; an attribute the schema does not have is `invalidFilter`, never ignored. */
export const bindFilter = (type: ResourceType, syntax: FilterSyntax): Filter =>
  bind(syntax, (name) => operandOf(type, name));

/** Binds a filter that stands in the brackets behind `top`: its names are the names of parts. */
export const bindWithin = (top: TopAttribute, syntax: FilterSyntax): Filter =>
  bind(syntax, (name) => {
    const part = top.parts.get(name.toLowerCase());
    if (part === undefined) throw invalid(`${top.attribute.name} has no part "${name}".`);
    return { top, part };
  });

type Find = (name: string) => Operand;

const operandOf = (type: ResourceType, name: string): Operand => {
  const named = findNamed(type, name);
  if (named?.kind !== 'attribute') throw invalid(`${type.name} has no attribute "${name}" to filter by.`);
  return { top: named.top, part: named.part };
};

const bind = (syntax: FilterSyntax, find: Find): Filter => {
  switch (syntax.kind) {
    case 'compare':
      return compare(withPart(find(syntax.name)), syntax.operator, syntax.value);
    case 'present':
      return { kind: 'present', operand: find(syntax.name) };
    case 'element':
      return bindElement(find(syntax.name), syntax.within);
    case 'not':
      return { kind: 'not', operand: bind(syntax.operand, find) };
    case 'and':
    case 'or':
      return { kind: syntax.kind, operands: syntax.operands.map((operand) => bind(operand, find)) };
    default:
      return syntax satisfies never;
  }
};

const bindElement = ({ top, part }: Operand, within: FilterSyntax): Filter => {
  if (part !== undefined || top.attribute.type !== 'complex')
    throw invalid(`${part?.name ?? top.attribute.name} has no parts, so it takes no brackets.`);
  return { kind: 'element', top, within: bindWithin(top, within) };
};

/** `emails eq "x"` means the part `value` (RFC 7644 §3.4.2.2). */
const withPart = ({ top, part }: Operand): Operand => {
  if (part !== undefined || top.attribute.type !== 'complex') return { top, part };
  const value = top.parts.get('value');
  if (value === undefined) throw invalid(`${top.attribute.name} has parts; compare one of them.`);
  return { top, part: value };
};

const compare = (operand: Operand, operator: Operator, literal: Literal): Filter => {
  const { name, type } = operand.part ?? operand.top.attribute;
  if (type === 'complex') throw invalid(`${name} has parts; compare one of them.`);
  if (literal === null && operator !== 'eq' && operator !== 'ne')
    throw invalid(`null can only be compared with eq and ne, not with ${operator}.`);
  const value = literal === null ? null : typed(name, type, literal);
  if (type === 'boolean' && (ORDER.has(operator) || SUBSTRING.has(operator)))
    throw invalid(`${name} is true or false and cannot be compared with ${operator}.`);
  if (type === 'dateTime' && SUBSTRING.has(operator))
    throw invalid(`${name} is a time and cannot be compared with ${operator}.`);
  return { kind: 'compare', operand, operator, value };
};

const typed = (name: string, type: Attribute['type'], literal: string | number | boolean): string | boolean => {
  if (type !== 'boolean') {
    if (type === 'dateTime' && Number.isNaN(Date.parse(String(literal))))
      throw invalid(`"${literal}" is not a time to compare ${name} with.`);
    return String(literal);
  }
  const text = String(literal).toLowerCase();
  if (text !== 'true' && text !== 'false')
    throw invalid(`${name} is compared with true or false, not with ${literal}.`);
  return text === 'true';
};
