import { fieldOf } from '../read-body.ts';
import { findNamed, type ResourceType } from '../schema/resource-type.ts';
import { badRequest, ScimError } from '../scim-error.ts';
import { isJsonList, isObject, type Json, type JsonObject } from '../value.ts';
import type { Patch } from './operation.ts';
import { parsePath, type Target } from './parse-path.ts';
import { type Asked, readAsked } from './read-operation.ts';

const OPERATIONS_MAX = 1000;

/**
 * Reads a PATCH body (RFC 7644 §3.5.2) and whatever identity providers send in its place into one canonical form:
 * `op` in any case, no path with an object of plain, dotted or URN names, values under a path, members in every shape.
 * `id` is the resource's own, which may be repeated but not changed.
 */
export const readPatch = (type: ResourceType, body: JsonObject, id: string): Patch => {
  const operations = fieldOf(body, 'Operations');
  if (!isJsonList(operations) || operations.length === 0)
    throw badRequest('invalidSyntax', 'A PATCH needs a list "Operations" with at least one operation.');
  if (operations.length > OPERATIONS_MAX)
    throw new ScimError(413, `A PATCH can have ${OPERATIONS_MAX} operations; send the others in another one.`);
  const read = operations.flatMap((one) => askedOf(type, one, id).map((asked) => readAsked(asked)));
  return {
    operations: read.flatMap((one) => one.operations),
    memberChanges: read.flatMap((one) => one.memberChanges),
  };
};

const OPS: ReadonlySet<string> = new Set(['add', 'replace', 'remove']);

/** What one operation asks for: with a path one thing, without one as many as its object has names. */
const askedOf = (type: ResourceType, operation: Json, id: string): readonly Asked[] => {
  if (!isObject(operation)) throw badRequest('invalidSyntax', 'An operation has to be an object.');
  const op = String(fieldOf(operation, 'op') ?? '').toLowerCase();
  if (!OPS.has(op)) throw badRequest('invalidSyntax', 'The "op" of an operation is add, replace or remove.');
  const kind = op as Asked['kind'];
  const path = fieldOf(operation, 'path') ?? undefined;
  const value = fieldOf(operation, 'value');
  if (path !== undefined && typeof path !== 'string') throw badRequest('invalidPath', 'A path has to be a text.');
  if (kind !== 'remove' && value === undefined) throw badRequest('invalidValue', `"${op}" needs a value.`);
  if (path === undefined || path.trim() === '') return withoutPath(type, { kind, value, id });
  const named = parsePath(type, path);
  if (named.kind === 'target') return [{ kind, target: writable(named.target), value }];
  if (kind === 'remove') return extensionTargets(type, named.urn).map((target) => ({ kind, target, value: undefined }));
  return fromObject(type, { kind, object: objectOf(value), urn: named.urn, id });
};

type Bare = { readonly kind: Asked['kind']; readonly value: Json | undefined; readonly id: string };

const withoutPath = (type: ResourceType, { kind, value, id }: Bare): readonly Asked[] => {
  if (kind === 'remove') throw badRequest('noTarget', 'A "remove" needs a path that says what to remove.');
  return fromObject(type, { kind, object: objectOf(value), urn: undefined, id });
};

const objectOf = (value: Json | undefined): JsonObject => {
  if (!isObject(value))
    throw badRequest('invalidValue', 'Without a path to an attribute, the value has to be an object.');
  return value;
};

type Spread = {
  readonly kind: Asked['kind'];
  readonly object: JsonObject;
  readonly urn: string | undefined;
  readonly id: string;
};

/** Each name of an object is a path of its own; names the schema does not have are passed over, as in a POST. */
const fromObject = (type: ResourceType, { kind, object, urn, id }: Spread): readonly Asked[] =>
  Object.entries(object).flatMap(([key, value]): readonly Asked[] => {
    const name = urn === undefined ? key : `${urn}:${key}`;
    if (findNamed(type, name.split('[')[0]?.trim() ?? '') === undefined) return [];
    const path = parsePath(type, name);
    if (path.kind === 'extension')
      return isObject(value) ? fromObject(type, { kind, object: value, urn: path.urn, id }) : [];
    if (path.target.top.attribute.mutability !== 'readOnly') return [{ kind, target: writable(path.target), value }];
    // Okta repeats the id in the object; that changes nothing.
    if (path.target.top.key === 'id' && value !== id)
      throw badRequest('mutability', 'The id of a resource cannot be changed.');
    return [];
  });

const extensionTargets = (type: ResourceType, urn: string): readonly Target[] =>
  type.attributes.filter(({ extension }) => extension === urn).map((top) => ({ top }));

const writable = (target: Target): Target => {
  const { top, part } = target;
  if (top.attribute.mutability === 'readOnly' || part?.mutability === 'readOnly')
    throw badRequest('mutability', `${part?.name ?? top.attribute.name} is read-only.`);
  return target;
};
