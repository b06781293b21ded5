const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const CHARS = 22;

/** Makes the next id of a prefix, in the shape of the provider's: `msg_01` and 22 letters and digits. */
export type NextId = (prefix: string) => string;

/** Ids from a source of numbers in [0, 1); the same source gives the same ids. They name things, they guard nothing. */
export const createNextId =
  (random: () => number): NextId =>
  (prefix) => {
    let id = `${prefix}01`;
    for (let i = 0; i < CHARS; i++) id += ALPHABET.charAt(Math.floor(random() * ALPHABET.length));
    return id;
  };
