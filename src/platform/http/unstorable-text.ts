/** One place in what a client sent: names of fields and places in lists, from the outside in. */
type Place = readonly (string | number)[];

const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * Finds a text that not every database can hold as it is: PostgreSQL refuses NUL characters, and half a surrogate pair
 * would be replaced on its way there, so that what was stored is not what was sent. Answers where it stands, as in
 * `entries.0.note`; undefined when there is none. The value must have passed its schema, which bounds its depth.
 */
export const findUnstorableText = (value: unknown, place: Place = []): string | undefined => {
  if (typeof value === 'string') return isStorable(value) ? undefined : place.join('.');
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (!isStorable(name)) return [...place, 'a name'].join('.');
    const found = findUnstorableText(inner, [...place, name]);
    if (found !== undefined) return found;
  }
  return undefined;
};
