import { describe, expect, it } from 'vitest';
import { scanRequest } from '../scan/index.ts';
import { capabilitiesIn, serversIn, toolsIn } from './brought.ts';

const scan = (body: object) => {
  const scanned = scanRequest(Buffer.from(JSON.stringify({ model: 'm', messages: [], ...body })));
  if (!scanned.ok) throw new Error(scanned.problem);
  return scanned.request;
};

const saying = (...content: object[]) => ({ messages: [{ role: 'user', content }] });
const IMAGE = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '' } };
const RESULT = { type: 'tool_result', tool_use_id: 't', content: [IMAGE] };

describe('what a request shows of capabilities', () => {
  it.each<readonly [string, object, readonly string[]]>([
    ['nothing', {}, []],
    [
      'tools of the client, whatever they are called',
      { tools: [{ name: 'WebSearch' }, { name: 'bash', type: 'custom' }] },
      [],
    ],
    ['web search', { tools: [{ type: 'web_search_20260318', name: 'web_search' }] }, ['web_search']],
    ['web fetch', { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] }, ['web_fetch']],
    ['code execution', { tools: [{ type: 'code_execution_20260120', name: 'code_execution' }] }, ['code_execution']],
    ['computer use', { tools: [{ type: 'computer_20251124', name: 'computer' }] }, ['computer_use']],
    ['bash', { tools: [{ type: 'bash_20250124', name: 'bash' }] }, ['bash']],
    ['the text editor', { tools: [{ type: 'text_editor_20250728', name: 'edit' }] }, ['text_editor']],
    ['memory', { tools: [{ type: 'memory_20250818', name: 'memory' }] }, ['memory']],
    ['a tool of which nothing is known', { tools: [{ type: 'advisor_20260301', name: 'advisor', model: 'x' }] }, []],
    ['an image', saying(IMAGE), ['file_upload']],
    ['an image in the result of a tool', saying(RESULT), ['file_upload']],
    ['a screenshot', { ...saying(RESULT), tools: [{ type: 'computer_20251124', name: 'c' }] }, ['computer_use']],
    ['a file for the container', saying({ type: 'container_upload', file_id: 'file_1' }), ['file_upload']],
    ['a server for the provider', { mcp_servers: [{ type: 'url', name: 'x', url: 'https://x' }] }, ['mcp_connector']],
    ['fast mode', { speed: 'fast' }, ['fast_mode']],
    ['fast mode in a fallback', { fallbacks: [{ model: 'b', speed: 'fast' }] }, ['fast_mode']],
    [
      'a tool that the conversation brings',
      saying({ type: 'tool_addition', tool: { definition: { type: 'bash_20250124', name: 'bash' } } }),
      ['bash'],
    ],
  ])('%s', (_what, body, shown) => {
    expect(capabilitiesIn(scan(body))).toEqual(shown);
  });
});

describe('tools of servers that the client runs', () => {
  it('are told by their names, once each, with the one that must be called', () => {
    const tools = ['Bash', 'mcp__github__search', 'mcp__a__b__c', 'mcp__', 'mcp__x', 'mcp__github__search'];
    const request = scan({
      tools: tools.map((name) => ({ name })),
      tool_choice: { type: 'tool', name: 'mcp__jira__close' },
    });
    expect(toolsIn(request)).toEqual([
      { server: 'github', tool: 'search' },
      { server: 'a', tool: 'b__c' },
      { server: 'jira', tool: 'close' },
    ]);
  });
});

describe('servers that the provider is to reach', () => {
  const SERVER = { type: 'url', name: 'x', url: 'https://x.example/mcp' };
  const toolset = (more: object) => ({ type: 'mcp_toolset', mcp_server_name: 'x', ...more });
  const opened = (body: object) => serversIn(scan({ mcp_servers: [SERVER], ...body }))[0];

  it.each<readonly [string, object, { tools: readonly string[] | null; except: readonly string[] }]>([
    ['are open as a whole', {}, { tools: null, except: [] }],
    [
      'or for the tools they list',
      { mcp_servers: [{ ...SERVER, tool_configuration: { allowed_tools: ['a'] } }] },
      { tools: ['a'], except: [] },
    ],
    [
      'of which a toolset makes nothing',
      { mcp_servers: [{ ...SERVER, tool_configuration: { allowed_tools: ['a'] } }], tools: [toolset({})] },
      { tools: null, except: [] },
    ],
    [
      'without the tools a toolset switches off',
      { tools: [toolset({ configs: { a: { enabled: false }, b: { defer_loading: true } } })] },
      { tools: null, except: ['a'] },
    ],
    [
      'with those alone that a toolset switches on',
      {
        tools: [
          toolset({ default_config: { enabled: false }, configs: { a: { enabled: true }, b: { enabled: false } } }),
        ],
      },
      { tools: ['a'], except: [] },
    ],
    [
      'with those that the conversation adds',
      {
        tools: [toolset({ configs: { a: { enabled: false } } })],
        ...saying({ type: 'tool_addition', tool: { type: 'mcp_tool_reference', server_name: 'x', name: 'a' } }),
      },
      { tools: null, except: [] },
    ],
    [
      'as a whole when the conversation adds all of them',
      {
        tools: [toolset({ default_config: { enabled: false } })],
        ...saying({ type: 'tool_addition', tool: { type: 'mcp_toolset_reference', server_name: 'x' } }),
      },
      { tools: null, except: [] },
    ],
    [
      'and two toolsets never hide what one of them leaves on',
      { tools: [toolset({ configs: { a: { enabled: false } } }), toolset({})] },
      { tools: null, except: [] },
    ],
  ])('%s', (_how, body, wanted) => {
    expect(opened(body)).toEqual({ name: 'x', url: 'https://x.example/mcp', ...wanted });
  });
});
