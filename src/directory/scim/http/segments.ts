/**
 * The parts of a path. Clients end it with a slash, or double one; what is not valid percent-encoding stays as it is and
 * names nothing.
 */
export const segmentsOf = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
