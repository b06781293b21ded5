import { readValue } from './read-value.ts';
import { findNamed, type ResourceType, type TopAttribute } from './schema/resource-type.ts';
import { badRequest } from './scim-error.ts';
import { isJsonList, isObject, type Json, type JsonObject, type Resource, type Value } from './value.ts';

/** What a POST or PUT asks for. `members` are ids of people, undefined when the body does not speak of members. */
export type WantedResource = { readonly resource: Resource; readonly members: readonly string[] | undefined };

/**
 * Reads the body of a POST or PUT. Read-only attributes, attributes the schema does not have and foreign schemas are
 * passed over (RFC 7644 §3.3, and what OneLogin and Entra ID send); a required attribute that is missing or blank is
 * `invalidValue`.
 */
export const readResource = (type: ResourceType, body: JsonObject): WantedResource => {
  const resource = new Map<string, Value>();
  let members: readonly string[] | undefined;
  for (const { top, value } of attributesOf(type, body)) {
    if (top.attribute.mutability === 'readOnly') continue;
    if (top.key === 'members') members = value === null ? [] : readMemberIds(value);
    else {
      const read = readValue(top, value);
      if (read !== undefined) resource.set(top.key, read);
    }
  }
  refuseMissing(type, resource);
  return { resource, members };
};

/** Refuses a resource that lacks what it cannot be without. */
export const refuseMissing = (type: ResourceType, resource: Resource): void => {
  for (const { key, attribute } of type.attributes) {
    const value = resource.get(key);
    if (attribute.required && attribute.mutability !== 'readOnly' && (typeof value !== 'string' || value.trim() === ''))
      throw badRequest('invalidValue', `${attribute.name} is required.`);
  }
};

/** An attribute that an object speaks of, with the value it gives. */
type Given = { readonly top: TopAttribute; readonly value: Json };

/** The attributes of an object that the schema has; those of an extension stand in an object under its URN. */
const attributesOf = (type: ResourceType, body: JsonObject): readonly Given[] =>
  Object.entries(body).flatMap(([name, value]) => {
    const named = findNamed(type, name);
    if (named === undefined) return [];
    if (named.kind === 'extension') return isObject(value) ? extensionOf(type, named.urn, value) : [];
    return named.part === undefined ? [{ top: named.top, value }] : [];
  });

const extensionOf = (type: ResourceType, urn: string, body: JsonObject): readonly Given[] =>
  Object.entries(body).flatMap(([name, value]) => {
    const top = type.byName.get(`${urn}:${name}`.toLowerCase());
    return top === undefined ? [] : [{ top, value }];
  });

const ID_CHARS_MAX = 256;

/** Ids of members: a list of `{value}`, one such object, or bare ids; each id once. */
export const readMemberIds = (json: Json): readonly string[] => {
  const elements = isJsonList(json) ? json : [json];
  const ids = elements.map((one) => (isObject(one) ? idIn(one) : one));
  const wrong = ids.find((id) => typeof id !== 'string' || id === '' || id.length > ID_CHARS_MAX || !isPlain(id));
  if (wrong !== undefined || ids.length !== elements.length)
    throw badRequest('invalidValue', 'members: each has to name a person by "value", the id given here.');
  return [...new Set(ids as readonly string[])];
};

const idIn = (element: JsonObject): Json => {
  const name = Object.keys(element).find((key) => key.toLowerCase() === 'value');
  return name === undefined ? '' : (element[name] ?? '');
};

const isPlain = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
