import { memberTable } from './member-table.ts';
import { readSwitch, readSwitches } from './read-mcp.ts';
import { readModel, readStringOrNull } from './read-value.ts';
import type { Reader } from './reader.ts';
import type { McpToolset, ModelSite, ToolReference } from './scanned-request.ts';
import { isArray, isObject, passValue, walkArray, walkObject, walkObjects } from './walk.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Where the tools that a request brings are collected. */
export type ToolDraft = {
  readonly toolNames: string[];
  readonly toolTypes: string[];
  readonly toolModels: ModelSite[];
  readonly toolsets: McpToolset[];
  readonly toolReferences: ToolReference[];
};

/** One tool being read; `toolset` once it has turned out to be one. */
type OneTool = { readonly all: ToolDraft; toolset: Writable<McpToolset> | null };

const openTool = (all: ToolDraft): OneTool => ({ all, toolset: null });

const toolsetOf = (draft: OneTool): Writable<McpToolset> => {
  if (draft.toolset === null) {
    draft.toolset = { server: null, enabled: true, tools: [] };
    draft.all.toolsets.push(draft.toolset);
  }
  return draft.toolset;
};

const pushString = (reader: Reader, path: string, list: string[]): void => {
  const value = readStringOrNull(reader, path);
  if (value !== null) list.push(value);
};

const TOOL = memberTable<OneTool>('tools[].', {
  name: (reader, draft, path) => pushString(reader, path, draft.all.toolNames),
  type: (reader, draft, path) => pushString(reader, path, draft.all.toolTypes),
  model: (reader, draft, path) => {
    draft.all.toolModels.push(readModel(reader, path));
  },
  mcp_server_name: (reader, draft, path) => {
    toolsetOf(draft).server = readStringOrNull(reader, path);
  },
  default_config: (reader, draft, path) => {
    toolsetOf(draft).enabled = readSwitch(reader, path, true);
  },
  configs: (reader, draft, path) => {
    toolsetOf(draft).tools = readSwitches(reader, path);
  },
});

/** Reads `tools`: an array of objects. */
export const readTools = (reader: Reader, draft: ToolDraft, path: string): void => {
  walkObjects(reader, path, { table: TOOL, draftFor: () => openTool(draft) });
};

/** A tool that a conversation adds: defined on the spot, or referred to by the server it is of. */
type ToolChange = { readonly all: ToolDraft; server: string | null; tool: string | null };

const TOOL_CHANGE = memberTable<ToolChange>('messages[].content[].tool.', {
  definition: (reader, draft) => {
    if (isObject(reader)) walkObject(reader, TOOL, openTool(draft.all));
    else passValue(reader);
  },
  server_name: (reader, draft, path) => {
    draft.server = readStringOrNull(reader, path);
  },
  name: (reader, draft, path) => {
    draft.tool = readStringOrNull(reader, path);
  },
});

/** Reads the `tool` that a content block adds; a value of any other shape passes unread. */
export const readToolChange = (reader: Reader, all: ToolDraft): void => {
  if (!isObject(reader)) {
    passValue(reader);
    return;
  }
  const draft: ToolChange = { all, server: null, tool: null };
  walkObject(reader, TOOL_CHANGE, draft);
  if (draft.server !== null) all.toolReferences.push({ server: draft.server, tool: draft.tool });
};

const CHANGE_ENTRY = memberTable<ToolDraft>('messages[].content[].tool_changes[].', { tool: readToolChange });

/** Reads the `tool_changes` of a content block, which bring tools as its `tool` does. */
export const readToolChanges = (reader: Reader, draft: ToolDraft, path: string): void => {
  if (!isArray(reader)) {
    passValue(reader);
    return;
  }
  walkArray(reader, path, () => {
    if (isObject(reader)) walkObject(reader, CHANGE_ENTRY, draft);
    else passValue(reader);
  });
};
