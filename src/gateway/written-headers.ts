import { headerLines } from '../platform/index.ts';

/** Headers of an answer as lines, and what of them concerns the rest of its head. */
export type WrittenHeaders = {
  readonly lines: string;
  /** The body's length, where one of them states it. */
  readonly length: number | undefined;
  readonly hasDate: boolean;
};

/** Headers of one answer as lines: names, in small letters, and values alternating. Throws for a value that would break its line. */
export const writeHeaders = (headers: readonly string[]): WrittenHeaders => {
  const place = headers.findIndex((name, i) => i % 2 === 0 && name === 'content-length');
  return {
    lines: headerLines(headers),
    length: place === -1 ? undefined : Number(headers[place + 1]),
    hasDate: headers.some((name, i) => i % 2 === 0 && name === 'date'),
  };
};

/** No header at all. */
export const NO_HEADERS: WrittenHeaders = writeHeaders([]);
