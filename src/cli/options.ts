import { InvalidArgumentError } from 'commander';

/** Reads an option that has to be one of some words. */
export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (given: string): Word => {
    const word = words.find((one) => one === given);
    if (word === undefined) throw new InvalidArgumentError(`It is one of: ${words.join(', ')}.`);
    return word;
  };

/** Reads how many rows to list. */
export const pageSize = (given: string): number => {
  const size = Number(given);
  if (!Number.isInteger(size) || size < 1 || size > 1000)
    throw new InvalidArgumentError('It is a number from 1 to 1000.');
  return size;
};

/** Reads an option that may be given several times. */
export const several = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Reads a whole number from 0 on. */
export const wholeNumber = (given: string): number => {
  const value = Number(given);
  if (!/^\d{1,12}$/.test(given)) throw new InvalidArgumentError('It is a whole number.');
  return value;
};
