import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/access/contract.ts';
import { writeMcpServer } from './support/mcp-server.ts';
import { openStage, type Stage } from './support/stage.ts';

const SONNET = 'claude-sonnet-5-5';

let stage: Stage;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'remit-mcp-'));
  stage = await openStage();
  await stage.organisation.admin(createConnector, {
    body: { slug: 'github', name: 'github', url: 'https://github.example/mcp', level: 'always' },
  });
});

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every tool is defined from the start, instead of when it is looked for. */
const ALL_TOOLS = { ENABLE_TOOL_SEARCH: 'false' };

describe.concurrent('Claude Code under custom roles', () => {
  it('tells a member whose roles lack Claude Code so, asks once, and nothing reaches the provider', async () => {
    const rights = { capabilities: ['chat', 'web_search'] } as const;
    const member = await stage.organisation.addMember('Fay Chat', { [SONNET]: 'high' }, rights);

    const run = await stage.ask(member, ['hello', '--model', 'sonnet']);

    expect(run).toMatchObject({
      exitCode: 1,
      stderr: '',
      stdout:
        'API Error: 451 Claude Code is not included in your roles (“Role of Fay Chat”). Ask an administrator to grant it.\n',
    });
    expect(run.exchanges.map(({ status }) => status)).toEqual([451]);
    expect(stage.forwarded(run)).toEqual([]);
    expect(await member.decisions()).toMatchObject([
      { effect: 'deny', reason: 'capability-not-granted-by-role', outcome: 'refused', cost: null },
    ]);
  });

  it('goes on without web search where no role grants it, and the model reads why', async () => {
    const rights = { capabilities: ['claude_code'] } as const;
    const member = await stage.organisation.addMember('Gil Search', { [SONNET]: 'high' }, rights);
    const prompt = 'Look [simulate:tool WebSearch {"query":"weather in Oslo"}]';
    const args = ['--model', 'sonnet', '--allowedTools', 'WebSearch', '--output-format', 'stream-json', '--verbose'];

    const run = await stage.ask(member, [prompt, ...args], ALL_TOOLS);

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.exchanges.map(({ status }) => status)).toEqual([200, 451, 200]);
    const told =
      'API Error: 451 Web search is not included in your roles (“Role of Gil Search”). Go on without it, or ask an administrator to grant it.';
    expect(run.stdout).toContain(`"type":"tool_result","content":${JSON.stringify(told)},"is_error":true`);
    expect(stage.forwarded(run)).toHaveLength(2);
    expect(stage.forwarded(run).join()).not.toContain('"type":"web_search_');
  });

  it('cannot bring a tool of a connector that is blocked, whether defined from the start or looked for', async () => {
    const member = await stage.organisation.addMember('Hal Tool', { [SONNET]: 'high' }, { connectors: 'blocked' });
    const config = await writeMcpServer(folder, 'github', ['search', 'delete_repo']);
    const args = ['--model', 'sonnet', '--mcp-config', config, '--strict-mcp-config'];

    const defined = await stage.ask(member, ['hello', ...args], ALL_TOOLS);
    const lookedFor = await stage.ask(member, [
      'find [simulate:tool ToolSearch {"query":"select:mcp__github__search"}]',
      ...args,
    ]);

    expect(defined.stdout).toBe(
      'API Error: 451 delete_repo of github and search of github are not enabled for you. Take them out of your client’s tools, or ask an administrator for access.\n',
    );
    expect(stage.forwarded(defined)).toEqual([]);
    expect(lookedFor.stdout).toBe(
      'API Error: 451 search of github is not enabled for you. Take it out of your client’s tools, or ask an administrator for access.\n',
    );
    expect(lookedFor.exchanges.map(({ status }) => status)).toEqual([200, 451]);
  });

  it('brings tools that need approval, because it asks; the request says so', async () => {
    const member = await stage.organisation.addMember('Ida Asked', { [SONNET]: 'high' });
    const config = await writeMcpServer(folder, 'github', ['search']);

    const run = await stage.ask(
      member,
      ['hello', '--model', 'sonnet', '--mcp-config', config, '--strict-mcp-config'],
      ALL_TOOLS,
    );

    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const [row] = await member.decisions();
    expect((await member.decision(String(row?.id))).findings).toContainEqual(
      expect.objectContaining({
        reason: 'tools-need-approval',
        explanation: 'search of github may be used after approval of each call, for which the client asks.',
      }),
    );
  });
});
