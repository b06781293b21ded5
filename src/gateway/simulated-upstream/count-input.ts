import { createHash } from 'node:crypto';
import { invalid } from './api-error.ts';
import { isObject, type JsonObject, listOf, objectOf } from './json.ts';
import type { PromptCache, Ttl } from './prompt-cache.ts';

/** Input tokens by how they are charged; the sum is the whole prompt. */
export type InputTokens = {
  readonly uncached: number;
  readonly cacheRead: number;
  readonly written5m: number;
  readonly written1h: number;
};

type Segment = { readonly text: string; readonly bytes: number; readonly marker: Ttl | undefined };

const BYTES_PER_TOKEN = 4;

const markerOf = (holder: unknown): Ttl | undefined => {
  const control = objectOf(holder).cache_control;
  if (!isObject(control)) return undefined;
  return control.ttl === '1h' ? '1h' : '5m';
};

// A marker says where the cached prefix ends; it is not part of the prompt, and clients move it from turn to turn.
const withoutMarker = (block: unknown): unknown => {
  if (!isObject(block) || !('cache_control' in block)) return block;
  const { cache_control: _marker, ...rest } = block;
  return rest;
};

const serialize = (block: unknown): string => {
  try {
    return JSON.stringify(block) ?? '';
  } catch {
    // What came as JSON can only fail here by exhausting the stack.
    throw invalid('The request is nested too deeply.');
  }
};

const segment = (block: unknown, heading = ''): Segment => {
  const text = heading + serialize(withoutMarker(block));
  return { text, bytes: Buffer.byteLength(text), marker: markerOf(block) };
};

const blocksOf = (content: unknown): readonly unknown[] => (typeof content === 'string' ? [content] : listOf(content));

/** The prompt in the order in which the API caches it: tools, system, messages; one segment per block. */
const segmentsOf = (raw: JsonObject): readonly Segment[] => [
  ...listOf(raw.tools).map((tool) => segment(tool)),
  ...blocksOf(raw.system).map((block) => segment(block)),
  ...listOf(raw.messages).flatMap((message) => {
    const { role, content } = objectOf(message);
    return blocksOf(content).map((block) => segment(block, `${String(role)}:`));
  }),
];

const toTokens = (bytes: number): number => Math.ceil(bytes / BYTES_PER_TOKEN);

/** The size of a prompt: a quarter of a token per byte of its tools, system and messages. */
export const countPrompt = (raw: JsonObject): number =>
  toTokens(segmentsOf(raw).reduce((sum, { bytes }) => sum + bytes, 0));

const markedSegments = (raw: JsonObject): readonly Segment[] => {
  const segments = segmentsOf(raw);
  const automatic = markerOf(raw);
  return automatic === undefined
    ? segments
    : segments.map((part, index) =>
        index === segments.length - 1 ? { ...part, marker: part.marker ?? automatic } : part,
      );
};

type Prefix = { readonly hash: string; readonly tokens: number; readonly marker: Ttl | undefined };

const prefixesOf = (segments: readonly Segment[], modelId: string): readonly Prefix[] => {
  let hash = modelId;
  let bytes = 0;
  return segments.map((part) => {
    hash = createHash('sha256').update(hash).update(part.text).digest('base64');
    bytes += part.bytes;
    return { hash, tokens: toTokens(bytes), marker: part.marker };
  });
};

/**
 * The prompt's tokens split by the cache: the longest prefix seen before is read, what follows it up to the last
 * `cache_control` marker is written (each marker's stretch under its own time to live), the rest is plain input.
 * Unlike the real API there is no least size for a cached prefix.
 */
export const chargeInput = (raw: JsonObject, modelId: string, cache: PromptCache): InputTokens => {
  const segments = markedSegments(raw);
  const total = toTokens(segments.reduce((sum, { bytes }) => sum + bytes, 0));
  if (!segments.some(({ marker }) => marker !== undefined)) {
    return { uncached: total, cacheRead: 0, written5m: 0, written1h: 0 };
  }
  const prefixes = prefixesOf(segments, modelId);
  const marked = prefixes.slice(0, prefixes.findLastIndex(({ marker }) => marker !== undefined) + 1);
  const cacheRead = marked.findLast(({ hash }) => cache.touch(hash))?.tokens ?? 0;
  const written = { '5m': 0, '1h': 0 };
  let covered = cacheRead;
  for (const { hash, tokens, marker } of marked) {
    if (marker === undefined) continue;
    cache.store(hash, marker);
    written[marker] += Math.max(0, tokens - covered);
    covered = Math.max(covered, tokens);
  }
  return { uncached: total - covered, cacheRead, written5m: written['5m'], written1h: written['1h'] };
};
