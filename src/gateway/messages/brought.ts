import type { WantedServer, WantedTool } from '../../access/index.ts';
import type { Capability } from '../../kernel/index.ts';
import type { McpServer, ScannedRequest } from '../scan/index.ts';

const NONE: readonly never[] = [];

/** How the types of the provider's own tools begin, each followed by the date of its version. */
const TOOL_PREFIXES: readonly (readonly [prefix: string, capability: Capability])[] = [
  ['web_search_', 'web_search'],
  ['web_fetch_', 'web_fetch'],
  ['code_execution_', 'code_execution'],
  ['computer_', 'computer_use'],
  ['bash_', 'bash'],
  ['text_editor_', 'text_editor'],
  ['memory_', 'memory'],
];

const ofTool = (type: string): Capability | undefined => TOOL_PREFIXES.find(([prefix]) => type.startsWith(prefix))?.[1];

const isFast = ({ speed, fallbackModels }: ScannedRequest): boolean =>
  speed === 'fast' || fallbackModels.some((fallback) => fallback.speed === 'fast');

/**
 * What a request shows of capabilities, each once. A file in the result of a tool is one that was sent, but for the
 * screenshots of the computer tool, which belong to that.
 */
export const capabilitiesIn = (request: ScannedRequest): readonly Capability[] => {
  const { toolTypes, bringsFiles, resultsHoldFiles, mcpServers } = request;
  const fast = isFast(request);
  if (toolTypes.length === 0 && !bringsFiles && !resultsHoldFiles && mcpServers.length === 0 && !fast) return NONE;
  const found = new Set<Capability>();
  for (const type of toolTypes) {
    const capability = ofTool(type);
    if (capability !== undefined) found.add(capability);
  }
  if (bringsFiles || (resultsHoldFiles && !found.has('computer_use'))) found.add('file_upload');
  if (mcpServers.length > 0) found.add('mcp_connector');
  if (fast) found.add('fast_mode');
  return found.size === 0 ? NONE : [...found];
};

const MCP_TOOL = /^mcp__(.+?)__(.+)$/;

/** Tools of MCP servers that the client runs, by the names that Claude Code gives them, each once. */
export const toolsIn = ({ toolNames, toolChoice }: ScannedRequest): readonly WantedTool[] => {
  const names = toolChoice === null ? toolNames : [...toolNames, toolChoice];
  if (names.length === 0) return NONE;
  const found = new Map<string, WantedTool>();
  for (const name of names) {
    if (!name.startsWith('mcp__')) continue;
    const [, server, tool] = MCP_TOOL.exec(name) ?? [];
    if (server !== undefined && tool !== undefined) found.set(name, { server, tool });
  }
  return found.size === 0 ? NONE : [...found.values()];
};

/**
 * Which tools of a server the provider may call. Without a toolset of it, those the server itself lists; with toolsets,
 * what they leave switched on, and whatever the conversation adds.
 */
const openedBy = (
  server: McpServer,
  { toolsets, toolReferences }: ScannedRequest,
): Pick<WantedServer, 'tools' | 'except'> => {
  const own = toolsets.filter((toolset) => toolset.server === server.name);
  const added = toolReferences.filter((reference) => reference.server === server.name);
  if (own.length === 0 && added.length === 0) return { tools: server.allowedTools, except: NONE };
  const named = added.flatMap(({ tool }) => tool ?? NONE);
  const on = own.flatMap(({ tools }) => tools.filter(({ enabled }) => enabled).map(({ name }) => name));
  const isListed = own.length > 0 && own.every(({ enabled }) => !enabled) && added.every(({ tool }) => tool !== null);
  if (isListed) return { tools: [...new Set([...on, ...named])], except: NONE };
  const off = own.length === 1 ? own.flatMap(({ tools }) => tools.filter(({ enabled }) => !enabled)) : NONE;
  return { tools: null, except: off.map(({ name }) => name).filter((name) => !named.includes(name)) };
};

/** The MCP servers that the provider is to reach, and the tools it may call there. */
export const serversIn = (request: ScannedRequest): readonly WantedServer[] =>
  request.mcpServers.length === 0
    ? NONE
    : request.mcpServers.map((server) => ({ name: server.name, url: server.url, ...openedBy(server, request) }));
