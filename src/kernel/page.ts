/** The Admin API's "id page": newest or oldest first by the endpoint's own order, bounded by ids. */
export type IdPage<T> = {
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly first_id: string | null;
  readonly last_id: string | null;
};

/**
 * Cuts a list that was read with one row more than asked for into an id page. Rows read `backward` (for `before_id`)
 * come nearest first and are turned round; `has_more` then speaks of that direction, as in the Admin API.
 */
export const idPage = <T extends { readonly id: string }>(
  rows: readonly T[],
  limit: number,
  direction: 'forward' | 'backward' = 'forward',
): IdPage<T> => {
  const cut = rows.slice(0, limit);
  const data = direction === 'forward' ? cut : cut.reverse();
  return {
    data,
    has_more: rows.length > limit,
    first_id: data[0]?.id ?? null,
    last_id: data[data.length - 1]?.id ?? null,
  };
};
