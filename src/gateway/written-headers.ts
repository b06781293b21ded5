import { headerLines } from '../platform/index.ts';

/** Headers of an answer as lines, but for those of its connection, and what they say that the rest of its head depends on. */
export type WrittenHeaders = {
  readonly lines: string;
  /** The body's length, where one of them states it. */
  readonly length: number | undefined;
  readonly hasDate: boolean;
  /** Whether the connection is to end with the answer. */
  readonly closes: boolean;
};

/** Headers of one answer as lines: names, in small letters, and values alternating. Throws for a value that would break its line. */
export const writeHeaders = (headers: readonly string[]): WrittenHeaders => {
  const written: string[] = [];
  let length: number | undefined;
  let hasDate = false;
  let closes = false;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (name === 'connection') {
      closes ||= value === 'close';
      continue;
    }
    if (name === 'content-length') length = Number(value);
    else if (name === 'date') hasDate = true;
    written.push(name, value);
  }
  return { lines: headerLines(written), length, hasDate, closes };
};
