import type { Filter } from '../filter/bind-filter.ts';
import { readMemberIds } from '../read-resource.ts';
import { readComplex, readSimple, readValue } from '../read-value.ts';
import { badRequest } from '../scim-error.ts';
import { isList, type Json, type Value } from '../value.ts';
import type { MemberChange, Operation, Patch } from './operation.ts';
import type { Target } from './parse-path.ts';

/** One thing that is asked for, with its value still as it was sent. */
export type Asked = {
  readonly kind: 'add' | 'replace' | 'remove';
  readonly target: Target;
  readonly value: Json | undefined;
};

/** Turns what is asked for into canonical changes; the empty patch when it asks for nothing. */
export const readAsked = (asked: Asked): Patch =>
  asked.target.top.key === 'members'
    ? { operations: [], memberChanges: readMemberChange(asked) }
    : { operations: readOperation(asked), memberChanges: [] };

const readOperation = ({ kind, target, value }: Asked): readonly Operation[] => {
  if (kind === 'remove') return readRemoval(target, value);
  const read = valueAt(target, value ?? null);
  if (read !== undefined) return [{ kind, target, value: read }];
  // Nothing added is nothing done; replaced by nothing is unassigned (RFC 7643 §2.5).
  return kind === 'add' ? [] : [{ kind: 'remove', target }];
};

/** A value in the type of its target; an empty text unassigns a part, as Entra ID does with `manager.value`. */
const valueAt = ({ top, filter, part }: Target, json: Json): Value | undefined => {
  if (part !== undefined) {
    const simple = readSimple(part, json);
    return simple === '' ? undefined : simple;
  }
  return filter === undefined ? readValue(top, json) : readComplex(top.attribute, json);
};

const readRemoval = (target: Target, value: Json | undefined): readonly Operation[] => {
  const { top, filter, part } = target;
  if (top.attribute.required && part === undefined)
    throw badRequest('mutability', `${top.attribute.name} is required and cannot be removed.`);
  const hasValues = top.attribute.multiValued && filter === undefined && part === undefined && value != null;
  if (!hasValues) return [{ kind: 'remove', target }];
  const elements = readValue(top, value);
  return isList(elements) ? [{ kind: 'remove-elements', target, elements }] : [];
};

const readMemberChange = ({ kind, target, value }: Asked): readonly MemberChange[] => {
  if (target.filter !== undefined) return [filteredChange(kind, target, target.filter)];
  if (target.part !== undefined) throw unchangeable();
  if (value == null) return kind === 'add' ? [] : [{ kind: 'replace', ids: [] }];
  const ids = readMemberIds(value);
  // Entra ID's default job names those to remove in the value. A list of nobody removes nobody.
  return ids.length === 0 && kind !== 'replace' ? [] : [{ kind, ids }];
};

const filteredChange = (kind: Asked['kind'], { part }: Target, filter: Filter): MemberChange => {
  if (kind !== 'remove' || part !== undefined) throw unchangeable();
  const ids = idsOf(filter);
  return ids === undefined ? { kind: 'remove-matching', filter } : { kind: 'remove', ids };
};

const unchangeable = () => badRequest('mutability', 'Members are added and removed; what one is cannot be changed.');

/** The ids of `value eq "a" or value eq "b"`; undefined for any other filter. */
const idsOf = (filter: Filter): readonly string[] | undefined => {
  if (filter.kind === 'or') {
    const ids = filter.operands.map(idsOf);
    return ids.some((one) => one === undefined) ? undefined : ids.flatMap((one) => one ?? []);
  }
  const isId = filter.kind === 'compare' && filter.operator === 'eq' && filter.operand.part?.name === 'value';
  return isId && typeof filter.value === 'string' ? [filter.value] : undefined;
};
