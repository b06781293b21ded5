import { memberTable } from './member-table.ts';
import { readModel, readStringOrNull } from './read-value.ts';
import type { Reader } from './reader.ts';
import type { ModelSite } from './scanned-request.ts';
import { isArray, isObject, passValue, walkArray, walkObject, walkObjects } from './walk.ts';

/** Where the tools that a request brings are collected. */
export type ToolDraft = {
  readonly toolNames: string[];
  readonly toolTypes: string[];
  readonly toolModels: ModelSite[];
};

const pushString = (reader: Reader, path: string, list: string[]): void => {
  const value = readStringOrNull(reader, path);
  if (value !== null) list.push(value);
};

const TOOL = memberTable<ToolDraft>('tools[].', {
  name: (reader, draft, path) => pushString(reader, path, draft.toolNames),
  type: (reader, draft, path) => pushString(reader, path, draft.toolTypes),
  model: (reader, draft, path) => {
    draft.toolModels.push(readModel(reader, path));
  },
});

/** Reads `tools`: an array of objects. */
export const readTools = (reader: Reader, draft: ToolDraft, path: string): void => {
  walkObjects(reader, path, { table: TOOL, draftFor: () => draft });
};

const TOOL_CHANGE = memberTable<ToolDraft>('messages[].content[].tool.', {
  definition: (reader, draft) => {
    if (isObject(reader)) walkObject(reader, TOOL, draft);
    else passValue(reader);
  },
});

const readToolChange = (reader: Reader, draft: ToolDraft): void => {
  if (isObject(reader)) walkObject(reader, TOOL_CHANGE, draft);
  else passValue(reader);
};

const CHANGE_ENTRY = memberTable<ToolDraft>('messages[].content[].tool_changes[].', { tool: readToolChange });

/**
 * The two places where a content block can bring a tool of its own: a `tool_addition` block's `tool.definition`, and the
 * same inside a compaction block's `tool_changes`. The block's `type` is not asked, so no other spelling of it gets by.
 */
const CONTENT_BLOCK = memberTable<ToolDraft>('messages[].content[].', {
  tool: readToolChange,
  tool_changes: (reader, draft, path) => {
    if (isArray(reader)) walkArray(reader, path, () => walkOrPass(reader, CHANGE_ENTRY, draft));
    else passValue(reader);
  },
});

const walkOrPass = (reader: Reader, table: typeof CONTENT_BLOCK, draft: ToolDraft): void => {
  if (isObject(reader)) walkObject(reader, table, draft);
  else passValue(reader);
};

/** Reads a message's `content` for the tools it brings; content of any other shape passes unread. */
export const readContent = (reader: Reader, draft: ToolDraft, path: string): void => {
  if (isArray(reader)) walkArray(reader, path, () => walkOrPass(reader, CONTENT_BLOCK, draft));
  else passValue(reader);
};
