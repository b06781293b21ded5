/** As many entries may differ from the layer below before a new one is laid: a lookup in two maps costs little. */
const CHANGES_MAX = 256;

type Layers<T> = { readonly base: ReadonlyMap<string, T>; readonly changes: ReadonlyMap<string, T | undefined> };

/**
 * A map that differs from another in a few entries. The snapshot is replaced at each change of policy; copying fifty
 * thousand members each time would hold up every request, so that only the changes are copied, and everything once in
 * some hundred changes. It never changes itself.
 */
class LayeredMap<T> implements ReadonlyMap<string, T> {
  readonly layers: Layers<T>;
  readonly size: number;

  constructor(layers: Layers<T>) {
    this.layers = layers;
    let size = layers.base.size;
    for (const [key, value] of layers.changes) size += Number(value !== undefined) - Number(layers.base.has(key));
    this.size = size;
  }

  get(key: string): T | undefined {
    const { base, changes } = this.layers;
    return changes.has(key) ? changes.get(key) : base.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[string, T]> {
    const { base, changes } = this.layers;
    for (const entry of base) if (!changes.has(entry[0])) yield entry;
    for (const [key, value] of changes) if (value !== undefined) yield [key, value];
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.entries()) yield key;
  }

  *values(): MapIterator<T> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  forEach(look: (value: T, key: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [key, value] of this.entries()) look(value, key, this);
  }
}

/** The map with these entries in place of its own; undefined takes one out. Values are never undefined. */
export const withEntries = <T>(
  before: ReadonlyMap<string, T>,
  entries: ReadonlyMap<string, T | undefined>,
): ReadonlyMap<string, T> => {
  if (entries.size === 0) return before;
  const layers = before instanceof LayeredMap ? (before.layers as Layers<T>) : { base: before, changes: new Map() };
  const changes = new Map(layers.changes);
  // Taking out what is not below needs no entry, or those who are not in a small map would soon fill its layer.
  for (const [key, value] of entries)
    if (value === undefined && !layers.base.has(key)) changes.delete(key);
    else changes.set(key, value);
  const after = new LayeredMap<T>({ base: layers.base, changes });
  return changes.size > CHANGES_MAX ? new Map(after) : after;
};
