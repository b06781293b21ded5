import type { Span } from './scanned-request.ts';

/** The bytes are numbers in an array, which is read twice as fast as a buffer. */
type KnownText = { readonly bytes: readonly number[]; readonly text: string };

const SLOTS = 512;
const LENGTH_MAX = 256;

/**
 * Remembers what some strings read lately stood for, by their bytes: the same models, tools and session come with request
 * after request. Each string has one place, from which it drives out another.
 */
export class KnownTexts {
  readonly #slots: (KnownText | undefined)[] = new Array(SLOTS).fill(undefined);

  /** What the bytes stood for when they were kept; undefined when they are not remembered. */
  find(bytes: Buffer, span: Span): string | undefined {
    const known = this.#slots[slotOf(bytes, span)];
    return known !== undefined && isAt(known.bytes, bytes, span) ? known.text : undefined;
  }

  keep(bytes: Buffer, span: Span, text: string): void {
    const { start, end } = span;
    if (end - start <= LENGTH_MAX) this.#slots[slotOf(bytes, span)] = { bytes: [...bytes.subarray(start, end)], text };
  }
}

/** Ids differ near their ends, names anywhere: about eight of the bytes say which place a string has. */
const slotOf = (bytes: Buffer, { start, end }: Span): number => {
  const step = ((end - start) >> 2) + 1;
  let hash = end - start;
  for (let at = start; at < end; at += step) hash = Math.imul(hash, 31) + (bytes[at] ?? 0);
  for (let at = end - 2; at >= start && at > end - 10; at -= 2) hash = Math.imul(hash, 31) + (bytes[at] ?? 0);
  return (hash ^ (hash >>> 9)) & (SLOTS - 1);
};

const isAt = (wanted: readonly number[], bytes: Buffer, { start, end }: Span): boolean => {
  const { length } = wanted;
  if (length !== end - start) return false;
  for (let i = 0; i < length; i++) {
    if (wanted[i] !== bytes[start + i]) return false;
  }
  return true;
};
