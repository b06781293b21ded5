import { createHash } from 'node:crypto';

/** What the people of the demonstration read the console with. */
export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';

/** Where somebody works from: always the same address out of the range that is set aside for examples (RFC 5737). */
export const addressOf = (name: string): string => {
  const [first = 0] = createHash('sha256').update(name).digest();
  return `203.0.113.${1 + (first % 254)}`;
};
