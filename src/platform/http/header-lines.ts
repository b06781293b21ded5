// RFC 9110 §5.5; node's own limit on what a header may carry.
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Throws where a value could break the line it stands in. */
const requireSendable = (name: string, value: string): void => {
  if (UNSENDABLE.test(value)) throw new TypeError(`The header ${name} holds what cannot be sent`);
};

/**
 * Headers, names and values alternating, as the lines they are in a head. Throws for a value that would break its line.
 * Written by joining: what is written again and again should be one piece of memory, not a tree of pieces.
 */
export const headerLines = (headers: readonly string[]): string => {
  const lines: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    requireSendable(name, value);
    lines.push(name, ': ', value, '\r\n');
  }
  return lines.join('');
};

/** What {@link headerLines} was made of. */
export const splitHeaderLines = (lines: string): string[] =>
  lines.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(': ');
    return colon === -1 ? [] : [line.slice(0, colon), line.slice(colon + 2)];
  });
