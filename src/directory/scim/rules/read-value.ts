import type { Attribute } from './schema/attribute.ts';
import type { TopAttribute } from './schema/resource-type.ts';
import { badRequest, type ScimError } from './scim-error.ts';
import { type Complex, isJsonList, isObject, type Json, type Simple, type Value } from './value.ts';

/** How large a value may be. Lists of members are no values: they are rows, and not bounded by this. */
export const VALUE_LIMITS = { chars: 4096, elements: 100 } as const;

const invalid = (name: string, problem: string): ScimError => badRequest('invalidValue', `${name}: ${problem}.`);

/**
 * Reads a value from JSON in the type of its attribute; undefined for "unassigned", which is `null`, an empty list, an
 * object without known parts and, where nothing else could be meant, an empty text (RFC 7643 §2.5). Tolerates what
 * identity providers send: "True" for true, numbers for texts, a bare text where an object is meant, one object where
 * a list is meant, parts that the schema does not have.
 */
export const readValue = ({ attribute }: TopAttribute, json: Json): Value | undefined => {
  if (attribute.multiValued) return readList(attribute, json);
  return attribute.type === 'complex' ? readComplex(attribute, json) : readSimple(attribute, json);
};

/** Reads an attribute without parts, or one part; undefined for "unassigned". */
export const readSimple = (attribute: Attribute, json: Json): Simple | undefined => {
  if (json === null) return undefined;
  if (attribute.type === 'boolean') return readBoolean(attribute.name, json);
  if (typeof json === 'object') throw invalid(attribute.name, 'a text is wanted');
  const text = String(json);
  if (text.length > VALUE_LIMITS.chars) throw invalid(attribute.name, `longer than ${VALUE_LIMITS.chars} characters`);
  if (text.includes('\0') || !text.isWellFormed())
    throw invalid(attribute.name, 'holds characters that are not allowed');
  return text;
};

// Entra ID's default job writes "True" and "False", the Keycloak plugin "true" and "false".
const readBoolean = (name: string, json: Json): boolean | undefined => {
  const text = String(json).trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '') return undefined;
  throw invalid(name, 'true or false is wanted');
};

const readList = (attribute: Attribute, json: Json): readonly Complex[] | undefined => {
  if (json === null) return undefined;
  const elements = isJsonList(json) ? json : [json];
  if (elements.length > VALUE_LIMITS.elements)
    throw invalid(attribute.name, `more than ${VALUE_LIMITS.elements} values`);
  const read = elements.flatMap((one) => readComplex(attribute, one) ?? []);
  return read.length === 0 ? undefined : onePrimary(read);
};

/** Reads one object; its unassigned and unknown parts are left out. */
export const readComplex = (attribute: Attribute, json: Json): Complex | undefined => {
  if (json === null || json === '') return undefined;
  // Entra ID sends `"manager": "<id>"`, others a list of plain addresses.
  const object: Json = typeof json === 'object' ? json : { value: json };
  if (!isObject(object)) throw invalid(attribute.name, 'an object is wanted');
  const parts = new Map((attribute.subAttributes ?? []).map((part) => [part.name.toLowerCase(), part]));
  const complex = new Map<string, Simple>();
  for (const [name, value] of Object.entries(object)) {
    const part = parts.get(name.toLowerCase());
    const simple = part === undefined || part.mutability === 'readOnly' ? undefined : readSimple(part, value);
    if (part !== undefined && simple !== undefined && simple !== '') complex.set(part.name, simple);
  }
  return complex.size === 0 ? undefined : complex;
};

/** At most one element stays the main one: the last that says so (RFC 7643 §2.4). */
export const onePrimary = (elements: readonly Complex[]): readonly Complex[] => {
  const last = elements.findLastIndex((one) => one.get('primary') === true);
  return elements.map((one, at) => (at !== last && one.get('primary') === true ? without(one, 'primary') : one));
};

/** The element without one of its parts. */
export const without = (element: Complex, part: string): Complex =>
  new Map([...element].filter(([name]) => name !== part));
