import { refuseMissing } from '../read-resource.ts';
import type { ResourceType } from '../schema/resource-type.ts';
import { type Complex, isComplex, isList, type Resource, type Simple, type Value } from '../value.ts';
import { nextList } from './change-list.ts';
import type { Operation } from './operation.ts';

/**
 * The resource after all operations, in their order (RFC 7644 §3.5.2); throws and changes nothing when one of them
 * cannot be done, or when something required would be missing at the end.
 */
export const applyPatch = (type: ResourceType, resource: Resource, operations: readonly Operation[]): Resource => {
  const after = operations.reduce(applyOperation, resource);
  refuseMissing(type, after);
  return after;
};

const applyOperation = (resource: Resource, operation: Operation): Resource => {
  const { key } = operation.target.top;
  const next = nextValue(operation, resource.get(key));
  const after = new Map(resource);
  if (next === undefined) after.delete(key);
  else after.set(key, next);
  return after;
};

const nextValue = (operation: Operation, current: Value | undefined): Value | undefined => {
  const { attribute } = operation.target.top;
  if (attribute.multiValued) return nextList(operation, isList(current) ? current : []);
  if (attribute.type === 'complex') return nextComplex(operation, isComplex(current) ? current : new Map());
  return operation.kind === 'add' || operation.kind === 'replace' ? operation.value : undefined;
};

/** An attribute with parts: what is given replaces the parts it names and leaves the others (§3.5.2.1, §3.5.2.3). */
const nextComplex = (operation: Operation, current: Complex): Complex | undefined => {
  const { part } = operation.target;
  const isSet = operation.kind === 'add' || operation.kind === 'replace';
  if (!isSet && part === undefined) return undefined;
  const next = new Map<string, Simple>(current);
  if (!isSet) next.delete(part?.name ?? '');
  else if (isComplex(operation.value)) for (const [name, value] of operation.value) next.set(name, value);
  else if (part !== undefined && !isList(operation.value)) next.set(part.name, operation.value);
  return next.size === 0 ? undefined : next;
};
