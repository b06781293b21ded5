import { memberTable } from './member-table.ts';
import { readToolChange, readToolChanges, type ToolDraft } from './read-tools.ts';
import type { Reader } from './reader.ts';
import { isArray, isObject, passValue, walkArray, walkObject } from './walk.ts';

/** Where what messages hold is collected. */
export type ContentDraft = ToolDraft & { bringsFiles: boolean; resultsHoldFiles: boolean };

/** A block inside another one: the result of a tool. */
const RESULT_BLOCK = memberTable<ContentDraft>('messages[].content[].content[].', {
  source: (reader, draft) => {
    if (isObject(reader)) draft.resultsHoldFiles = true;
    passValue(reader);
  },
  file_id: (reader, draft) => {
    draft.resultsHoldFiles = true;
    passValue(reader);
  },
});

/**
 * What of a content block is acted on: the two places where one can bring a tool of its own (a `tool_addition` block's
 * `tool.definition`, and the same inside a compaction block's `tool_changes`), and what holds a file: images and
 * documents have a `source` object, uploads to a container a `file_id`. The block's `type` is not asked, so no other
 * spelling of it gets by.
 */
const CONTENT_BLOCK = memberTable<ContentDraft>('messages[].content[].', {
  tool: readToolChange,
  tool_changes: readToolChanges,
  source: (reader, draft) => {
    if (isObject(reader)) draft.bringsFiles = true;
    passValue(reader);
  },
  file_id: (reader, draft) => {
    draft.bringsFiles = true;
    passValue(reader);
  },
  content: (reader, draft, path) => walkBlocks(reader, path, RESULT_BLOCK, draft),
});

const walkBlocks = (reader: Reader, path: string, table: typeof CONTENT_BLOCK, draft: ContentDraft): void => {
  if (!isArray(reader)) {
    passValue(reader);
    return;
  }
  walkArray(reader, path, () => {
    if (isObject(reader)) walkObject(reader, table, draft);
    else passValue(reader);
  });
};

/** Reads a message's `content` for the tools and files it brings; content of any other shape passes unread. */
export const readContent = (reader: Reader, draft: ContentDraft, path: string): void =>
  walkBlocks(reader, path, CONTENT_BLOCK, draft);
