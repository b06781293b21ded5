import { type Document, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Path } from './rules/declared.ts';

/** A document of a file, with what its lines are counted by. */
export type Source = { readonly file: string; readonly document: Document; readonly lines: LineCounter };

/** A key's own node and the node it leads to, under a map or a list; undefined where there is none of that name. */
const childOf = (
  node: unknown,
  key: string | number,
): { readonly at: unknown; readonly value: unknown } | undefined => {
  if (isMap(node)) {
    const pair = node.items.find(({ key: one }) => isScalar(one) && String(one.value) === String(key));
    return pair === undefined ? undefined : { at: pair.key, value: pair.value };
  }
  const item = isSeq(node) && typeof key === 'number' ? node.items[key] : undefined;
  return item === undefined ? undefined : { at: item, value: item };
};

/** How much of a path there is in a document, and the node it ends at. */
const follow = ({ document }: Source, path: Path): { readonly length: number; readonly at: unknown } => {
  let at: unknown = document.contents;
  let value: unknown = document.contents;
  for (const [length, key] of path.entries()) {
    const child = childOf(value, key);
    if (child === undefined) return { length, at };
    at = child.at;
    value = child.value;
  }
  return { length: path.length, at };
};

const hasRange = (node: unknown): node is Node & { range: [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);

/** `file:line:column`, counted from one. */
export const positionIn = ({ file, lines }: Source, offset: number): string => {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
};

/** Where a path stands, or as much of it as there is, in whichever document says most of it. */
export const locate = (sources: readonly Source[], path: Path): string => {
  const found = sources
    .map((source) => ({ source, ...follow(source, path) }))
    .toSorted((one, other) => other.length - one.length)[0];
  if (found === undefined) return path.join('.');
  return hasRange(found.at) ? positionIn(found.source, found.at.range[0]) : found.source.file;
};
