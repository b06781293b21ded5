import { QUOTE } from './bytes.ts';
import { memberTable } from './member-table.ts';
import { readString } from './read-string.ts';
import { readToolChange, readToolChanges, type ToolDraft } from './read-tools.ts';
import type { Reader } from './reader.ts';
import { isArray, isObject, passValue, walkArray, walkObject } from './walk.ts';

/** Where what messages hold is collected. */
export type ContentDraft = ToolDraft & {
  bringsFiles: boolean;
  resultsHoldFiles: boolean;
  /** The files that are named by their id, wherever they stand. */
  readonly fileIds: string[];
  namesUrls: boolean;
};

/** Reads the id of a file; what is no text names none. */
const readFileId = (reader: Reader, draft: ContentDraft): void => {
  if (reader.bytes[reader.at] === QUOTE) draft.fileIds.push(readString(reader));
  else passValue(reader);
};

/** Where an image or a document comes from; the blocks of a document in blocks have sources of their own. */
const SOURCE = memberTable<ContentDraft>('source.', {
  file_id: readFileId,
  url: (reader, draft) => {
    draft.namesUrls = true;
    passValue(reader);
  },
  content: (reader, draft, path) => walkBlocks(reader, path, SOURCE_BLOCK, draft),
});

const readSource = (reader: Reader, draft: ContentDraft): boolean => {
  const isSource = isObject(reader);
  if (isSource) walkObject(reader, SOURCE, draft);
  else passValue(reader);
  return isSource;
};

/** A block inside a document. */
const SOURCE_BLOCK = memberTable<ContentDraft>('source.content[].', {
  source: (reader, draft) => void readSource(reader, draft),
  file_id: readFileId,
});

/** A block inside another one: the result of a tool. */
const RESULT_BLOCK = memberTable<ContentDraft>('messages[].content[].content[].', {
  source: (reader, draft) => {
    if (readSource(reader, draft)) draft.resultsHoldFiles = true;
  },
  file_id: (reader, draft) => {
    draft.resultsHoldFiles = true;
    readFileId(reader, draft);
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
    if (readSource(reader, draft)) draft.bringsFiles = true;
  },
  file_id: (reader, draft) => {
    draft.bringsFiles = true;
    readFileId(reader, draft);
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
