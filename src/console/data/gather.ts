type Waiting<Value> = {
  readonly id: string;
  readonly resolve: (value: Value | undefined) => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Turns a call for many ids into one for a single id: what is asked for in the same turn goes out together, `max` ids in a
 * call. An id the call does not answer is undefined; a call that fails fails for each of its ids.
 */
export const gather = <Value>(
  max: number,
  readMany: (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
) => {
  let waiting: Waiting<Value>[] = [];
  const send = async (some: readonly Waiting<Value>[]): Promise<void> => {
    try {
      const values = await readMany([...new Set(some.map(({ id }) => id))]);
      for (const { id, resolve } of some) resolve(values.get(id));
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  };
  const sendAll = (): void => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += max) void send(all.slice(from, from + max));
  };
  return (id: string): Promise<Value | undefined> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setTimeout(sendAll, 0);
      waiting.push({ id, resolve, reject });
    });
};
