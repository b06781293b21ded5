import { QUOTE } from './bytes.ts';
import { memberTable } from './member-table.ts';
import { readOutputConfig, readThinking } from './read-settings.ts';
import { readString } from './read-string.ts';
import { readCount, readModel, readNull, readStringOrNull } from './read-value.ts';
import { type Reader, wrongType } from './reader.ts';
import type { EffortSite, FallbackModel, ModelSite, Span, Thinking } from './scanned-request.ts';
import { isArray, isObject, walkArray, walkObject } from './walk.ts';

/** Where the fallbacks of a request are collected. */
export type FallbackDraft = { readonly fallbackModels: FallbackModel[]; fallbackPreset: string | null };

type EntryDraft = {
  model: ModelSite | null;
  maxTokens: number | null;
  maxTokensSpan: Span | null;
  effort: EffortSite | null;
  thinking: Thinking | null;
  speed: string | null;
};

const FALLBACK = memberTable<EntryDraft>('fallbacks[].', {
  model: (reader, draft, path) => {
    draft.model = readModel(reader, path);
  },
  max_tokens: (reader, draft, path) => {
    if (readNull(reader)) return;
    const { value, span } = readCount(reader, path);
    draft.maxTokens = value;
    draft.maxTokensSpan = span;
  },
  output_config: (reader, draft, path) => {
    draft.effort = readOutputConfig(reader, path).effort;
  },
  thinking: (reader, draft, path) => {
    draft.thinking = readThinking(reader, path);
  },
  speed: (reader, draft, path) => {
    draft.speed = readStringOrNull(reader, path);
  },
});

const readEntry = (reader: Reader, path: string): FallbackModel => {
  const { at } = reader;
  const draft: EntryDraft = {
    model: null,
    maxTokens: null,
    maxTokensSpan: null,
    effort: null,
    thinking: null,
    speed: null,
  };
  if (reader.bytes[at] === QUOTE) draft.model = readModel(reader, path);
  else if (isObject(reader)) walkObject(reader, FALLBACK, draft);
  else throw wrongType(path, 'a model id or an object', at);
  const { model, ...rest } = draft;
  if (model === null) throw wrongType(path, 'an object that names a model', at);
  return { ...model, ...rest };
};

/** Reads `fallbacks`: a list of models (ids or objects), a word that leaves the choice to the provider, or null. */
export const readFallbacks = (reader: Reader, draft: FallbackDraft, path: string): void => {
  if (readNull(reader)) return;
  if (reader.bytes[reader.at] === QUOTE) {
    draft.fallbackPreset = readString(reader);
    return;
  }
  if (!isArray(reader)) throw wrongType(path, 'an array, a word or null', reader.at);
  walkArray(reader, path, () => {
    draft.fallbackModels.push(readEntry(reader, `${path}[]`));
  });
};
