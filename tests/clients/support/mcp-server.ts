import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// A server on the developer's own machine, in the few messages that Claude Code needs of one.
const PROGRAM = `
const answer = ({ id, method }) => {
  if (id === undefined) return;
  const result =
    method === 'initialize'
      ? { protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'server', version: '1' } }
      : method === 'tools/list'
        ? { tools: TOOLS.map((name) => ({ name, description: name, inputSchema: { type: 'object' } })) }
        : { content: [{ type: 'text', text: 'done' }] };
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
};
let rest = '';
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\\n');
  rest = lines.pop();
  for (const line of lines) if (line.trim() !== '') answer(JSON.parse(line));
});
`;

/** Writes an MCP server with the given tools into `folder`; answers the configuration by which Claude Code starts it. */
export const writeMcpServer = async (folder: string, name: string, tools: readonly string[]): Promise<string> => {
  const file = join(folder, `${tools.join('-')}.mjs`);
  await writeFile(file, `const TOOLS = ${JSON.stringify(tools)};${PROGRAM}`);
  const server = { command: process.execPath, args: [file] };
  return JSON.stringify({ mcpServers: { [name]: server } });
};
