import { QUOTE } from './bytes.ts';
import { memberTable } from './member-table.ts';
import { readString } from './read-string.ts';
import { readFlag, readNull, readStringOrNull } from './read-value.ts';
import { type Reader, wrongType } from './reader.ts';
import type { McpServer, ToolSwitch } from './scanned-request.ts';
import { isObject, walkArray, walkNames, walkObject, walkObjects } from './walk.ts';

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

const requireObject = (reader: Reader, path: string): void => {
  if (!isObject(reader)) throw wrongType(path, 'an object or null', reader.at);
};

const readStrings = (reader: Reader, path: string): readonly string[] => {
  const strings: string[] = [];
  walkArray(reader, path, () => {
    if (reader.bytes[reader.at] !== QUOTE) throw wrongType(`${path}[]`, 'a string', reader.at);
    strings.push(readString(reader));
  });
  return strings;
};

const TOOL_CONFIGURATION = memberTable<Writable<McpServer>>('mcp_servers[].tool_configuration.', {
  allowed_tools: (reader, draft, path) => {
    if (!readNull(reader)) draft.allowedTools = readStrings(reader, path);
  },
});

const MCP_SERVER = memberTable<Writable<McpServer>>('mcp_servers[].', {
  name: (reader, draft, path) => {
    draft.name = readStringOrNull(reader, path);
  },
  url: (reader, draft, path) => {
    draft.url = readStringOrNull(reader, path);
  },
  tool_configuration: (reader, draft, path) => {
    if (readNull(reader)) return;
    requireObject(reader, path);
    walkObject(reader, TOOL_CONFIGURATION, draft);
  },
});

/** Reads `mcp_servers`: an array of objects. */
export const readMcpServers = (reader: Reader, path: string): McpServer[] => {
  const servers: McpServer[] = [];
  const draftFor = () => {
    const server = { name: null, url: null, allowedTools: null };
    servers.push(server);
    return server;
  };
  walkObjects(reader, path, { table: MCP_SERVER, draftFor });
  return servers;
};

const SWITCH = memberTable<{ enabled: boolean }>('tools[].configs.', {
  enabled: (reader, draft, path) => {
    draft.enabled = readFlag(reader, path);
  },
});

/** Reads one configuration of tools, an object or null: whether it switches them on. What it leaves out is `usual`. */
export const readSwitch = (reader: Reader, path: string, usual: boolean): boolean => {
  if (readNull(reader)) return usual;
  requireObject(reader, path);
  const draft = { enabled: usual };
  walkObject(reader, SWITCH, draft);
  return draft.enabled;
};

/** Reads the `configs` of a toolset: configurations by the names of tools, or null. One that says nothing counts as on. */
export const readSwitches = (reader: Reader, path: string): readonly ToolSwitch[] => {
  if (readNull(reader)) return [];
  requireObject(reader, path);
  const switches: ToolSwitch[] = [];
  walkNames(reader, path, (name) => switches.push({ name, enabled: readSwitch(reader, path, true) }));
  return switches;
};
