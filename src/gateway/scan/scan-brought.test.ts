import { describe, expect, test } from 'vitest';
import { scanRequest } from './scan-request.ts';
import type { ScannedRequest } from './scanned-request.ts';

/** The request of the given members, after a sound model. */
const requestIn = (members: string): ScannedRequest => {
  const scanned = scanRequest(Buffer.from(`{"model":"m",${members}}`));
  if (!scanned.ok) throw new Error(scanned.problem);
  return scanned.request;
};

describe('what a request brings', () => {
  test('connectors, and the tools of theirs that are allowed', () =>
    expect(
      requestIn(
        '"mcp_servers":[{"type":"url","url":"https://x","name":"x","tool_configuration":{"allowed_tools":["a"]}},{}]',
      ).mcpServers,
    ).toEqual([
      { name: 'x', url: 'https://x', allowedTools: ['a'] },
      { name: null, url: null, allowedTools: null },
    ]));

  test('toolsets of connectors, and tools of theirs that a conversation adds', () => {
    const toolset =
      '{"type":"mcp_toolset","mcp_server_name":"x","default_config":{"enabled":false},"configs":{"a":{"enabled":true},"b":{}}}';
    const added = '{"type":"tool_addition","tool":{"type":"mcp_tool_reference","server_name":"x","name":"c"}}';
    expect(requestIn(`"tools":[${toolset},{"name":"n"}],"messages":[{"content":[${added}]}]`)).toMatchObject({
      toolsets: [
        {
          server: 'x',
          enabled: false,
          tools: [
            { name: 'a', enabled: true },
            { name: 'b', enabled: true },
          ],
        },
      ],
      toolReferences: [{ server: 'x', tool: 'c' }],
      toolNames: ['n'],
    });
  });

  test.each([
    ['an image', '{"type":"image","source":{"type":"base64","data":""}}', true, false],
    ['a file for the container', '{"type":"container_upload","file_id":"file_1"}', true, false],
    ['an image in a tool’s result', '{"type":"tool_result","content":[{"source":{}}]}', false, true],
    ['a search result, whose source is its address', '{"type":"search_result","source":"https://x"}', false, false],
    ['the words of a tool', '{"type":"tool_use","input":{"source":{},"file_id":"x"}}', false, false],
  ])('whether there is a file: %s', (_what, block, bringsFiles, resultsHoldFiles) => {
    const request = requestIn(`"messages":[{"role":"user","content":[${block}]}]`);
    expect(request).toMatchObject({ bringsFiles, resultsHoldFiles });
  });

  test('files that are named by their id, in blocks, in the results of tools and inside documents', () => {
    const blocks = [
      '{"type":"container_upload","file_id":"file_1"}',
      '{"type":"image","source":{"type":"file","file_id":"file_2"}}',
      '{"type":"tool_result","content":[{"type":"document","source":{"type":"file","file_id":"file\\u005f3"}}]}',
      '{"type":"document","source":{"type":"content","content":[{"type":"image","source":{"file_id":"file_4"}}]}}',
      '{"type":"text","text":"{\\"file_id\\":\\"no\\"}"},{"type":"tool_use","input":{"file_id":"no"}},{"file_id":7}',
    ];
    const request = requestIn(`"messages":[{"role":"user","content":[${blocks}]}]`);
    expect(request.fileIds).toEqual(['file_1', 'file_2', 'file_3', 'file_4']);
  });

  test('the tool that has to be called', () =>
    expect(requestIn('"tool_choice":{"type":"tool","name":"mcp__x__y"}').toolChoice).toBe('mcp__x__y'));

  test.each([
    ['a server that allows one tool twice over', '"mcp_servers":[{"tool_configuration":{},"tool_configuration":{}}]'],
    ['a toolset that names a tool twice', '"tools":[{"configs":{"a":{"enabled":false},"\\u0061":{}}}]'],
    ['a file named twice', '"messages":[{"content":[{"source":{"file_id":"a","file_id":"b"}}]}]'],
    ['a switch that is neither on nor off', '"tools":[{"default_config":{"enabled":"no"}}]'],
  ])('refuses %s, because parsers do not agree on what it means', (_what, members) => {
    expect(scanRequest(Buffer.from(`{"model":"m",${members}}`)).ok).toBe(false);
  });
});
