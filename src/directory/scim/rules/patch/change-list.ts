import type { Filter } from '../filter/bind-filter.ts';
import { matchesElement } from '../filter/evaluate-filter.ts';
import { without } from '../read-value.ts';
import type { Attribute } from '../schema/attribute.ts';
import { badRequest } from '../scim-error.ts';
import { type Complex, fold, isComplex, isList, type Value } from '../value.ts';
import type { Operation } from './operation.ts';

/** A list while it is changed: an element that this operation has touched is marked. */
type Marked = { readonly element: Complex; readonly isTouched: boolean };

/** A list after an operation; undefined when nothing is left in it. */
export const nextList = (operation: Operation, current: readonly Complex[]): readonly Complex[] | undefined => {
  const next = settlePrimary(change(operation, current)).filter(({ size }) => size > 0);
  return next.length === 0 ? undefined : next;
};

const untouched = (element: Complex): Marked => ({ element, isTouched: false });
const touched = (element: Complex): Marked => ({ element, isTouched: true });

const change = (operation: Operation, current: readonly Complex[]): readonly Marked[] => {
  switch (operation.kind) {
    case 'remove':
      return remove(operation, current).map(untouched);
    case 'remove-elements': {
      const isMeant = (element: Complex) => operation.elements.some((one) => hasAllParts(element, one));
      return current.filter((element) => !isMeant(element)).map(untouched);
    }
    case 'add':
    case 'replace':
      return set(operation, current);
    default:
      return operation satisfies never;
  }
};

const remove = ({ target: { filter, part } }: Operation, current: readonly Complex[]): readonly Complex[] => {
  const isMeant = (element: Complex) => filter === undefined || matchesElement(filter, element);
  if (part === undefined) return current.filter((element) => !isMeant(element));
  return current.map((element) => (isMeant(element) ? without(element, part.name) : element));
};

type Setting = Extract<Operation, { kind: 'add' | 'replace' }>;

const set = (operation: Setting, current: readonly Complex[]): readonly Marked[] => {
  const { kind, target, value } = operation;
  if (target.filter !== undefined) return setMatching(operation, target.filter, current);
  if (target.part !== undefined) return setPart(operation, target.part, current);
  const given = isList(value) ? value : [];
  return kind === 'replace' ? given.map(touched) : given.reduce(append, current.map(untouched));
};

/** Adds an element, or completes the one that has the same value and type (§3.5.2.1: what is there is not added again). */
const append = (list: readonly Marked[], given: Complex): readonly Marked[] => {
  const place = list.findIndex(({ element }) => sameIdentity(element, given) || hasAllParts(element, given));
  if (place === -1) return [...list, touched(given)];
  return list.map((one, at) => (at === place ? touched(new Map([...one.element, ...given])) : one));
};

const setMatching = (operation: Setting, filter: Filter, current: readonly Complex[]): readonly Marked[] => {
  const isMeant = current.map((element) => matchesElement(filter, element));
  if (isMeant.includes(true))
    return current.map((element, at) => (isMeant[at] ? touched(merge(element, operation)) : untouched(element)));
  // Entra ID sets `emails[type eq "work"].value` before there is such an element (RFC 7644 would have noTarget).
  const seed = elementOf(filter);
  if (seed === undefined)
    throw badRequest('noTarget', `Nothing in ${operation.target.top.attribute.name} meets the filter of the path.`);
  return [...current.map(untouched), touched(merge(seed, operation))];
};

const setPart = (operation: Setting, part: Attribute, current: readonly Complex[]): readonly Marked[] => {
  const [only, ...others] = current;
  if (others.length > 0)
    throw badRequest('noTarget', `Say in the path which element of the list is meant by "${part.name}".`);
  return [touched(merge(only ?? new Map(), operation))];
};

const merge = (element: Complex, { target: { part }, value }: Setting): Complex => {
  if (isComplex(value)) return new Map([...element, ...value]);
  return part === undefined || isList(value) ? element : new Map([...element, [part.name, value]]);
};

/** The element that a conjunction of `eq`s describes; undefined when the filter is anything else. */
const elementOf = (filter: Filter): Complex | undefined => {
  if (filter.kind === 'and') {
    const parts = filter.operands.map(elementOf);
    return parts.some((one) => one === undefined) ? undefined : new Map(parts.flatMap((one) => [...(one ?? [])]));
  }
  const { part } = filter.kind === 'compare' ? filter.operand : {};
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null || part === undefined)
    return undefined;
  return new Map([[part.name, filter.value]]);
};

const folded = (value: Value | undefined): string => fold(String(value ?? ''), false);

const sameIdentity = (a: Complex, b: Complex): boolean =>
  a.has('value') &&
  folded(a.get('value')) === folded(b.get('value')) &&
  folded(a.get('type')) === folded(b.get('type'));

const hasAllParts = (element: Complex, parts: Complex): boolean =>
  [...parts].every(([name, value]) => folded(element.get(name)) === folded(value));

/** Setting `primary` on one element clears it on the others (RFC 7643 §2.4). */
const settlePrimary = (list: readonly Marked[]): readonly Complex[] => {
  const isMain = ({ element }: Marked) => element.get('primary') === true;
  const lastTouched = list.findLastIndex((one) => one.isTouched && isMain(one));
  const keeps = lastTouched === -1 ? list.findLastIndex(isMain) : lastTouched;
  return list.map((one, at) => (at !== keeps && isMain(one) ? without(one.element, 'primary') : one.element));
};
