import { useCallback, useState } from 'react';

/** What has been chosen and not yet saved, by what it is about. */
export type Edits<Value> = {
  readonly all: ReadonlyMap<string, Value>;
  /** Chooses a value; the one that is saved already is no edit. */
  readonly set: (key: string, value: Value, saved: Value) => void;
  /** Takes back the choices whose keys are named, or all. */
  readonly discard: (isOver?: (key: string) => boolean) => void;
};

/** The edits with one more; what equals the saved value falls away. */
export const withEdit = <Value>(
  edits: ReadonlyMap<string, Value>,
  key: string,
  { value, saved }: { readonly value: Value; readonly saved: Value },
): ReadonlyMap<string, Value> => {
  const next = new Map(edits);
  if (value === saved) next.delete(key);
  else next.set(key, value);
  return next;
};

/** Keeps choices until they are saved or discarded. */
export const useEdits = <Value>(): Edits<Value> => {
  const [all, setAll] = useState<ReadonlyMap<string, Value>>(new Map());
  const set = useCallback(
    (key: string, value: Value, saved: Value) => setAll((now) => withEdit(now, key, { value, saved })),
    [],
  );
  const discard = useCallback(
    (isOver?: (key: string) => boolean) =>
      setAll((now) => (isOver === undefined ? new Map() : new Map([...now].filter(([key]) => !isOver(key))))),
    [],
  );
  return { all, set, discard };
};
