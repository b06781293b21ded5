/** What one attribute without parts holds. */
export type Simple = string | boolean;

/** An attribute with parts, or one element of a list; keys are names of the schema. */
export type Complex = ReadonlyMap<string, Simple>;

export type Value = Simple | Complex | readonly Complex[];

/**
 * The attributes an identity provider has set on a resource, by {@link TopAttribute.key}. Only names of the schema can be
 * keys, and a Map has no prototype to reach: nothing a client sends is ever used as a property name.
 */
export type Resource = ReadonlyMap<string, Value>;

/** JSON as `JSON.parse` answers it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type JsonObject = { readonly [key: string]: Json };

/** Whether a value from outside is a list of JSON values. */
export const isJsonList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Whether a value from outside is a JSON object. */
export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isJsonList(value);

/** Whether a value is a list of elements. */
export const isList = (value: Value | undefined): value is readonly Complex[] => Array.isArray(value);

/** Whether a value has parts. */
export const isComplex = (value: Value | undefined): value is Complex => value instanceof Map;

/** The form in which values compare: letters folded unless the attribute distinguishes them. */
export const fold = (text: string, isCaseExact: boolean): string => (isCaseExact ? text : text.toLowerCase());

/** Orders text by code points, as both databases order it by bytes of UTF-8. Negative when `a` comes first. */
export const compareText = (a: string, b: string): number => {
  const [left, right] = [[...a], [...b]];
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
};

/** Whether two values are the same, verbatim. */
export const sameValue = (a: Value | undefined, b: Value | undefined): boolean => {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((one, at) => sameComplex(one, b[at]));
  if (isComplex(a) && isComplex(b)) return sameComplex(a, b);
  return a === b;
};

const sameComplex = (a: Complex, b: Complex | undefined): boolean =>
  b !== undefined && a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);

/** Whether two resources hold the same, verbatim. */
export const sameResource = (a: Resource, b: Resource): boolean =>
  a.size === b.size && [...a].every(([key, value]) => sameValue(value, b.get(key)));
