import { BULK_LIMITS } from './discovery.ts';
import { fieldOf } from './read-body.ts';
import { badRequest, ScimError } from './scim-error.ts';
import { isJsonList, isObject, type Json, type JsonObject } from './value.ts';

/** One operation of a Bulk request. */
export type BulkOperation = {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly bulkId: string | undefined;
  readonly version: string | undefined;
  readonly data: JsonObject | undefined;
};

/** A Bulk request. With `failOnErrors` it stops after so many failures; undefined never. */
export type Bulk = { readonly operations: readonly BulkOperation[]; readonly failOnErrors: number | undefined };

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Reads a Bulk request (RFC 7644 §3.7); more operations than announced are 413, which names the limit. */
export const readBulk = (body: JsonObject): Bulk => {
  const operations = fieldOf(body, 'Operations');
  if (!isJsonList(operations) || operations.length === 0)
    throw badRequest('invalidSyntax', 'A Bulk request needs a list "Operations" with at least one operation.');
  if (operations.length > BULK_LIMITS.maxOperations)
    throw new ScimError(413, `A Bulk request can have ${BULK_LIMITS.maxOperations} operations (maxOperations).`);
  const failOnErrors = fieldOf(body, 'failOnErrors');
  if (failOnErrors != null && (typeof failOnErrors !== 'number' || failOnErrors < 1))
    throw badRequest('invalidValue', 'failOnErrors is a number of at least 1.');
  const read = operations.map(readOperation);
  const ids = read.flatMap(({ bulkId }) => bulkId ?? []);
  if (new Set(ids).size !== ids.length) throw badRequest('invalidValue', 'A bulkId is given twice.');
  return { operations: read, failOnErrors: failOnErrors ?? undefined };
};

const readOperation = (json: Json): BulkOperation => {
  if (!isObject(json)) throw badRequest('invalidSyntax', 'An operation has to be an object.');
  const text = (name: string): string | undefined => {
    const value = fieldOf(json, name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const method = METHODS.find((one) => one === text('method')?.toUpperCase());
  const path = text('path');
  if (method === undefined || path === undefined)
    throw badRequest('invalidSyntax', 'An operation needs a method (POST, PUT, PATCH or DELETE) and a path.');
  const bulkId = text('bulkId');
  if (method === 'POST' && bulkId === undefined) throw badRequest('invalidValue', 'A POST within Bulk needs a bulkId.');
  const data = fieldOf(json, 'data');
  if (method !== 'DELETE' && !isObject(data)) throw badRequest('invalidSyntax', `A ${method} within Bulk needs data.`);
  return { method, path, bulkId, version: text('version'), data: isObject(data) ? data : undefined };
};

const REFERENCE = /bulkId:([^\s"'\]/]+)/gi;

/** The bulkIds that an operation refers to, in its path or anywhere in its data. */
export const referencesOf = ({ path, data }: BulkOperation): readonly string[] =>
  [...`${path} ${JSON.stringify(data ?? {})}`.matchAll(REFERENCE)].map(([, id = '']) => id);

/**
 * The order in which operations can be done: as given, but each after those that make what it refers to. Operations that
 * refer to one another in a circle, or to a bulkId that there is not, are left out: they cannot be done.
 */
export const orderOf = (operations: readonly BulkOperation[]): readonly number[] => {
  const made = new Set<string>();
  const order: number[] = [];
  const isReady = (one: BulkOperation): boolean => referencesOf(one).every((id) => made.has(id));
  let isMoving = true;
  while (isMoving) {
    const next = operations.findIndex((one, at) => !order.includes(at) && isReady(one));
    isMoving = next !== -1;
    if (!isMoving) break;
    order.push(next);
    const { bulkId } = operations[next] ?? {};
    if (bulkId !== undefined) made.add(bulkId);
  }
  return order;
};

/** The operation with the ids of what has been made in place of the references to it. */
export const resolved = (operation: BulkOperation, ids: ReadonlyMap<string, string>): BulkOperation => {
  const insert = (text: string): string => text.replace(REFERENCE, (whole, id: string) => ids.get(id) ?? whole);
  return {
    ...operation,
    path: insert(operation.path),
    data: operation.data && insertInto(operation.data, insert),
  };
};

const insertInto = (json: JsonObject, insert: (text: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(json).map(([key, value]) => [key, insertIntoValue(value, insert)]));

const insertIntoValue = (json: Json, insert: (text: string) => string): Json => {
  if (typeof json === 'string') return insert(json);
  if (isJsonList(json)) return json.map((one) => insertIntoValue(one, insert));
  return isObject(json) ? insertInto(json, insert) : json;
};
