const PAGE = 1000;

type IdPage<T> = { readonly data: readonly T[]; readonly has_more: boolean; readonly last_id: string | null };
type CursorPage<T> = { readonly data: readonly T[]; readonly next_page: string | null };

/** Everything of a list that goes on behind an id. */
export const readIdPages = async <T>(
  read: (query: { readonly limit: number; readonly after_id?: string }) => Promise<IdPage<T>>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  let after: { readonly after_id?: string } = {};
  for (;;) {
    const { data, has_more, last_id } = await read({ limit: PAGE, ...after });
    all.push(...data);
    if (!has_more || last_id === null) return all;
    after = { after_id: last_id };
  }
};

/** Everything of a list that goes on behind a cursor. */
export const readCursorPages = async <T>(
  read: (query: { readonly limit: number; readonly page?: string }) => Promise<CursorPage<T>>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  let next: { readonly page?: string } = {};
  for (;;) {
    const { data, next_page } = await read({ limit: PAGE, ...next });
    all.push(...data);
    if (next_page === null) return all;
    next = { page: next_page };
  }
};

const AT_ONCE = 8;

/** Does something with each item, eight at a time, and answers the results in the order of the items. */
export const mapAtOnce = async <Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
  const results = new Map<number, Result>();
  const waiting = items.entries();
  const work = async (): Promise<void> => {
    for (const [at, item] of waiting) results.set(at, await run(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return items.flatMap((_, at) => {
    const result = results.get(at);
    return result === undefined ? [] : [result];
  });
};
