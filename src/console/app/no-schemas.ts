/**
 * Stands in for Zod in the browser's bundle. The console uses a contract's methods and paths, and its types; the
 * server checks every body on the way in and every reply on the way out, so the schemas need not travel. Whatever is
 * read from it or called on it is itself.
 */
export const z: unknown = new Proxy(() => undefined, { get: () => z, apply: () => z });
