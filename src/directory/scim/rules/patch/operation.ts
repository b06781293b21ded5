import type { Filter } from '../filter/bind-filter.ts';
import type { Complex, Simple, Value } from '../value.ts';
import type { Target } from './parse-path.ts';

/** One change of a resource's attributes in the one form that the engine knows, whoever sent it. */
export type Operation =
  /** Sets what the target names. `add` keeps the other elements of a list, `replace` does not. */
  | { readonly kind: 'add' | 'replace'; readonly target: Target; readonly value: Value | Simple }
  /** Unassigns what the target names. */
  | { readonly kind: 'remove'; readonly target: Target }
  /** Takes out the elements of a list that have all the parts of one of these. */
  | { readonly kind: 'remove-elements'; readonly target: Target; readonly elements: readonly Complex[] };

/** One change of a group's membership; members are rows, so that a change costs the same in a group of any size. */
export type MemberChange =
  | { readonly kind: 'add' | 'remove' | 'replace'; readonly ids: readonly string[] }
  | { readonly kind: 'remove-matching'; readonly filter: Filter };

/** A PATCH as understood: both lists in the order in which they were asked for. They touch nothing in common. */
export type Patch = { readonly operations: readonly Operation[]; readonly memberChanges: readonly MemberChange[] };
