import type { Projection } from './projection.ts';
import type { ResourceType, TopAttribute } from './schema/resource-type.ts';
import { type Complex, isComplex, isList, type Json, type JsonObject, type Resource, type Value } from './value.ts';

/** What is known of a resource beside what the identity provider has set. Times are epoch milliseconds. */
export type Stored = {
  readonly id: string;
  readonly resource: Resource;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
};

/** `W/"7"`: the ETag of a version, which `meta.version` repeats (RFC 7644 §3.14). */
export const etagOf = (version: number): string => `W/"${version}"`;

/** Where a resource is found. `base` is the address of the service without a slash at its end. */
export const locationOf = (base: string, type: ResourceType, id: string): string => `${base}${type.endpoint}/${id}`;

/** How an answer is rendered: under which address, and which attributes it shows. */
export type Rendering = { readonly type: ResourceType; readonly base: string; readonly projection: Projection };

/** The rows that belong to a resource, such as a group's members, in the form they are answered in. */
export type Lists = ReadonlyMap<string, readonly JsonObject[]>;

/**
 * A resource as JSON (RFC 7643 §3). Unassigned attributes are left out, but for lists in `lists`, which are shown empty;
 * an extension is named in `schemas` only when the resource has something in it.
 */
export const renderResource = (rendering: Rendering, stored: Stored, lists: Lists = new Map()): JsonObject => {
  const { type, projection } = rendering;
  const core: [string, Json][] = [];
  const extensions = new Map<string, [string, Json][]>();
  for (const top of type.attributes) {
    const value = projection.shows(top) ? shown(rendering, stored, { top, lists }) : undefined;
    if (value === undefined) continue;
    const { extension, attribute } = top;
    if (extension === undefined) core.push([attribute.name, value]);
    else extensions.set(extension, [...(extensions.get(extension) ?? []), [attribute.name, value]]);
  }
  return Object.fromEntries([
    ...core,
    ...[...extensions].map(([urn, entries]): [string, Json] => [urn, Object.fromEntries(entries)]),
  ]);
};

type Place = { readonly top: TopAttribute; readonly lists: Lists };

const shown = (rendering: Rendering, stored: Stored, { top, lists }: Place): Json | undefined => {
  switch (top.key) {
    case 'schemas':
      return schemasOf(rendering.type, stored.resource);
    case 'id':
      return stored.id;
    case 'meta':
      return pick(rendering, top, metaOf(rendering, stored));
  }
  const list = lists.get(top.key);
  // Whole as a rule: fifty thousand members need no looking through.
  if (list !== undefined && showsAllParts(rendering, top)) return list;
  if (list !== undefined) return list.map((element) => pick(rendering, top, element));
  const value = stored.resource.get(top.key);
  return value === undefined ? undefined : jsonOf(rendering, top, value);
};

const schemasOf = (type: ResourceType, resource: Resource): readonly string[] => [
  type.schema.id,
  ...type.extensions.map(({ id }) => id).filter((id) => [...resource.keys()].some((key) => key.startsWith(`${id}:`))),
];

const metaOf = ({ type, base }: Rendering, { id, version, createdAt, updatedAt }: Stored): JsonObject => ({
  resourceType: type.name,
  created: new Date(createdAt).toISOString(),
  lastModified: new Date(updatedAt).toISOString(),
  location: locationOf(base, type, id),
  version: etagOf(version),
});

const jsonOf = (rendering: Rendering, top: TopAttribute, value: Value): Json => {
  if (isList(value)) return value.map((element) => pick(rendering, top, objectOf(element)));
  return isComplex(value) ? pick(rendering, top, objectOf(value)) : value;
};

const objectOf = (value: Complex): JsonObject => Object.fromEntries(value);

const showsAllParts = ({ projection }: Rendering, top: TopAttribute): boolean =>
  [...top.parts.values()].every((part) => projection.showsPart(top, part));

const pick = ({ projection }: Rendering, top: TopAttribute, object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object).filter(([name]) => {
      const part = top.parts.get(name.toLowerCase());
      return part !== undefined && projection.showsPart(top, part);
    }),
  );
