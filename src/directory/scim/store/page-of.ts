import { type RawBuilder, sql } from 'kysely';
import type { Operand as FilterOperand } from '../rules/filter/bind-filter.ts';
import type { ResourceType } from '../rules/schema/resource-type.ts';
import { findNamed } from '../rules/schema/resource-type.ts';
import { badRequest } from '../rules/scim-error.ts';
import type { Condition, Operand } from './compare-sql.ts';
import { groupPlaces } from './group-places.ts';
import { userPlaces } from './user-places.ts';

/** What a list is sorted by; ids decide between equals, so that the order is total. */
export type Order = { readonly operand: Operand; readonly isDescending: boolean };

/** Which rows of a list are wanted. */
export type PageOf = {
  readonly condition?: Condition | undefined;
  readonly order?: Order | undefined;
  readonly limit: number;
  readonly offset: number;
  /** Only rows with ids behind this one. */
  readonly afterId?: string | undefined;
};

/**
 * Finds what `sortBy` means (RFC 7644 §3.4.2.3): an attribute without parts, a part, or of a list the value of its main
 * element, else of its first. `invalidPath` for what cannot be sorted by.
 */
export const readOrder = (type: ResourceType, sortBy: string, sortOrder: string | undefined): Order => {
  const named = findNamed(type, sortBy.trim());
  const operand = named?.kind === 'attribute' ? operandOf(type, named) : undefined;
  if (operand === undefined)
    throw badRequest('invalidPath', `${type.name} cannot be sorted by "${sortBy.slice(0, 80)}".`);
  return { operand, isDescending: sortOrder?.trim().toLowerCase() === 'descending' };
};

const operandOf = (type: ResourceType, { top, part }: FilterOperand): Operand | undefined => {
  const places = type.name === 'User' ? userPlaces : groupPlaces;
  const value = top.attribute.type === 'complex' && part === undefined ? top.parts.get('value') : part;
  const column = places.column({ top, part: value });
  if (column !== undefined || type.name !== 'User' || value === undefined) return column;
  const listed = places.list(top)?.parts[value.name];
  if (listed === undefined || top.key === 'groups') return undefined;
  return sql`(select ${listed} from scim_user_values v where v.user_id = u.user_id and v.attribute = ${top.key} order by coalesce(v.is_primary, 0) desc, v.position limit 1)`;
};

/** The order of a page's rows: what is missing comes last, in the other direction first. */
export const orderOf = ({ order }: PageOf, id: string): RawBuilder<unknown> => {
  if (order === undefined) return sql`${sql.ref(id)}`;
  const { operand, isDescending } = order;
  const direction = isDescending ? sql`desc` : sql`asc`;
  return sql`case when ${operand} is null then 1 else 0 end ${direction}, ${operand} ${direction}, ${sql.ref(id)}`;
};
