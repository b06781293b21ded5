/** Comparison operators of RFC 7644 §3.4.2.2, beside `pr`. */
export const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'lt', 'ge', 'le'] as const;

export type Operator = (typeof OPERATORS)[number];

export type Literal = string | number | boolean | null;

/** A filter as it is written, before anybody knows whether its attributes exist. */
export type FilterSyntax =
  | { readonly kind: 'compare'; readonly name: string; readonly operator: Operator; readonly value: Literal }
  | { readonly kind: 'present'; readonly name: string }
  /** `name[within]`: one element for which `within` holds. */
  | { readonly kind: 'element'; readonly name: string; readonly within: FilterSyntax }
  | { readonly kind: 'not'; readonly operand: FilterSyntax }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly FilterSyntax[] };

/** How large a filter may be: more is refused before it is read any further. */
export const FILTER_LIMITS = { chars: 8192, depth: 40, nodes: 200 } as const;
