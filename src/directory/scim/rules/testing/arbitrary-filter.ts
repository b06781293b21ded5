import fc from 'fast-check';
import type { FilterSyntax, Literal, Operator } from '../filter/syntax.ts';
import type { Attribute } from '../schema/attribute.ts';
import type { ResourceType, TopAttribute } from '../schema/resource-type.ts';

/** Few texts, so that filters and resources meet; with case, quotes, wildcards of SQL and letters beyond ASCII. */
export const TEXTS = ['a', 'A', 'ab', 'Ab%', 'b_c', "o'x", 'q"\\', 'ö', 'ÖB', '😀', 'work', 'home', 'true', ' '];

/** One of {@link TEXTS}. */
export const arbitraryText = fc.constantFrom(...TEXTS);

const TEXT_OPERATORS: readonly Operator[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'lt', 'ge', 'le'];

const comparison = (name: string, { type }: Attribute): fc.Arbitrary<FilterSyntax> => {
  const operators = type === 'boolean' ? (['eq', 'ne'] as const) : TEXT_OPERATORS;
  const value: fc.Arbitrary<Literal> = type === 'boolean' ? fc.boolean() : arbitraryText;
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('compare' as const),
        name: fc.constant(name),
        operator: fc.constantFrom(...operators),
        value,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<FilterSyntax>(
        { kind: 'compare', name, operator: 'eq', value: null },
        { kind: 'compare', name, operator: 'ne', value: null },
      ),
    },
    { weight: 1, arbitrary: fc.constant<FilterSyntax>({ kind: 'present', name }) },
  );
};

const combined = (leaf: fc.Arbitrary<FilterSyntax>, depth: number): fc.Arbitrary<FilterSyntax> =>
  depth === 0
    ? leaf
    : fc.oneof(
        { weight: 3, arbitrary: leaf },
        { weight: 1, arbitrary: combined(leaf, depth - 1).map((operand): FilterSyntax => ({ kind: 'not', operand })) },
        {
          weight: 2,
          arbitrary: fc
            .tuple(
              fc.constantFrom('and' as const, 'or' as const),
              fc.array(combined(leaf, depth - 1), { minLength: 2, maxLength: 3 }),
            )
            .map(
              ([kind, operands]): FilterSyntax => ({
                kind,
                operands: operands.flatMap((one) => (one.kind === kind ? one.operands : [one])),
              }),
            ),
        },
      );

const isFilterable = (one: Attribute): boolean => one.type === 'string' || one.type === 'boolean';

const leavesOf = (top: TopAttribute): readonly fc.Arbitrary<FilterSyntax>[] => {
  const { attribute, key } = top;
  if (attribute.type !== 'complex') return isFilterable(attribute) ? [comparison(key, attribute)] : [];
  const parts = (attribute.subAttributes ?? []).filter(isFilterable);
  const within = combined(fc.oneof(...parts.map((part) => comparison(part.name, part))), 2);
  return [
    ...parts.map((part) => comparison(`${key}.${part.name}`, part)),
    fc.constant<FilterSyntax>({ kind: 'present', name: key }),
    within.map((inner): FilterSyntax => ({ kind: 'element', name: key, within: inner })),
  ];
};

/** Filters over what an identity provider can set on this type of resource. */
export const arbitraryFilter = (type: ResourceType, wanted: (top: TopAttribute) => boolean = isWritable) =>
  combined(fc.oneof(...type.attributes.filter(wanted).flatMap(leavesOf)), 3);

const isWritable = ({ attribute }: TopAttribute): boolean => attribute.mutability !== 'readOnly';
