/**
 * The parts of a path. Clients end it with a slash, or double one; what is not valid percent-encoding stays as it is and
 * names nothing, and so does a NUL character, which PostgreSQL could not even look for.
 */
export const segmentsOf = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        const decoded = decodeURIComponent(part);
        return decoded.includes('\0') ? part : decoded;
      } catch {
        return part;
      }
    });
