import { memberTable } from './member-table.ts';
import { readCount, readNull, readStringOrNull, readStringSite, type Site } from './read-value.ts';
import { type Reader, wrongType } from './reader.ts';
import type { EffortSite, Span, Thinking } from './scanned-request.ts';
import { isObject, walkObject } from './walk.ts';

type Budget = Site<number>;

/** An `output_config` as it stands in the body: `span` is the whole value, which may be JSON null. */
export type OutputConfig = {
  readonly span: Span;
  readonly isNull: boolean;
  readonly isEmpty: boolean;
  readonly effort: EffortSite | null;
};

const THINKING = memberTable<{ type: string | null; budget: Budget | null }>('thinking.', {
  type: (reader, draft, path) => {
    draft.type = readStringOrNull(reader, path);
  },
  budget_tokens: (reader, draft, path) => {
    draft.budget = readCount(reader, path);
  },
});

const OUTPUT_CONFIG = memberTable<{ effort: EffortSite | null }>('output_config.', {
  effort: (reader, draft, path) => {
    draft.effort = readStringSite(reader, path);
  },
});

const requireObject = (reader: Reader, path: string): void => {
  if (!isObject(reader)) throw wrongType(path, 'an object or null', reader.at);
};

/** Reads a `thinking` value: an object or null. */
export const readThinking = (reader: Reader, path: string): Thinking | null => {
  if (readNull(reader)) return null;
  requireObject(reader, path);
  const draft = { type: null, budget: null };
  walkObject(reader, THINKING, draft);
  return draft;
};

/** Reads an `output_config` value: an object or null. */
export const readOutputConfig = (reader: Reader, path: string): OutputConfig => {
  const start = reader.at;
  if (readNull(reader)) return { span: { start, end: reader.at }, isNull: true, isEmpty: false, effort: null };
  requireObject(reader, path);
  const draft: { effort: EffortSite | null } = { effort: null };
  const hasMembers = walkObject(reader, OUTPUT_CONFIG, draft);
  return { span: { start, end: reader.at }, isNull: false, isEmpty: !hasMembers, effort: draft.effort };
};
