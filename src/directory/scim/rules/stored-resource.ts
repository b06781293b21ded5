import { readValue } from './read-value.ts';
import type { ResourceType } from './schema/resource-type.ts';
import { isComplex, isList, isObject, type Json, type Resource, type Value } from './value.ts';

const jsonOf = (value: Value): Json => {
  if (isList(value)) return value.map((element) => Object.fromEntries(element));
  return isComplex(value) ? Object.fromEntries(value) : value;
};

/** A resource as the text that is stored. */
export const writeStored = (resource: Resource): string =>
  JSON.stringify(Object.fromEntries([...resource].map(([key, value]) => [key, jsonOf(value)])));

/** The resource of a stored text; what the schema no longer has is left out. */
export const readStored = (type: ResourceType, text: string): Resource => {
  const json = JSON.parse(text) as Json;
  const resource = new Map<string, Value>();
  for (const [key, value] of Object.entries(isObject(json) ? json : {})) {
    const top = type.byName.get(key.toLowerCase());
    const read = top === undefined ? undefined : readValue(top, value);
    if (top !== undefined && read !== undefined) resource.set(top.key, read);
  }
  return resource;
};
