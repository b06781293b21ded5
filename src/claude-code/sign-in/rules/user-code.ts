/** Consonants that are hard to mistake for one another and spell nothing (RFC 8628 §6.1). */
export const CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** Letters in a code: twenty to the eighth, of which a person may try a few in the ten minutes one counts. */
export const CODE_LENGTH = 8;

/** A code as people read it: `BCDF-GHJK`. */
export const writeUserCode = (letters: string): string =>
  `${letters.slice(0, CODE_LENGTH / 2)}-${letters.slice(CODE_LENGTH / 2)}`;

/** The code somebody typed, however they wrote it; undefined for what can be none. */
export const readUserCode = (typed: string): string | undefined => {
  const letters = typed.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (letters.length !== CODE_LENGTH || [...letters].some((letter) => !CODE_LETTERS.includes(letter))) return undefined;
  return writeUserCode(letters);
};
