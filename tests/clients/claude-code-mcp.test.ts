import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnector, updateConnector } from '../../src/access/contract.ts';
import { listMcpCalls, setConnectorServer } from '../../src/gateway/contract.ts';
import { type McpTestServer, startMcpServer } from '../support/mcp-server.ts';
import { startModernMcpServer } from '../support/modern-mcp-server.ts';
import type { Member } from './support/organisation.ts';
import { openStage, type Stage } from './support/stage.ts';

const SONNET = 'claude-sonnet-5-5';

let stage: Stage;
let server: McpTestServer;
beforeAll(async () => {
  server = await startMcpServer();
  stage = await openStage();
});
afterAll(async () => {
  await stage?.close();
  await server?.close();
});

const register = async (slug: string, url = server.url) => {
  const { admin } = stage.organisation;
  const body = { slug, name: `The ${slug}`, url: `${url}/${slug}`, level: 'always' as const };
  const connector = await admin(createConnector, { body });
  await admin(setConnectorServer, { params: { connector_id: connector.id }, body: { private_addresses: true } });
  return connector;
};

/** Asks once with the connector configured as the console tells people to, and every tool offered at once. */
const ask = (member: Member, slug: string, prompt: string, headers: Record<string, string> = {}) => {
  const url = `${stage.organisation.url}/mcp/${slug}`;
  const config = { mcpServers: { [slug]: { type: 'http', url, headers } } };
  const args = [prompt, '--model', 'sonnet', '--mcp-config', JSON.stringify(config), '--allowedTools', `mcp__${slug}`];
  return stage.ask(member, [...args, '--output-format', 'stream-json', '--verbose'], { ENABLE_TOOL_SEARCH: 'false' });
};

const bearer = ({ key }: Member) => ({ Authorization: `Bearer ${key}` });

type Started = {
  readonly mcp_servers: readonly { readonly name: string; readonly status: string }[];
  readonly tools: readonly string[];
};

const startOf = (stdout: string): Started => JSON.parse(stdout.split('\n')[0] ?? '') as Started;

const callsOf = async (connectorId: string) =>
  (await stage.organisation.admin(listMcpCalls, { query: { connector_id: connectorId } })).data;

describe.concurrent('Claude Code with a connector', () => {
  it('calls a permitted tool, and the call is recorded with who made it', async () => {
    const connector = await register('calc');
    const member = await stage.organisation.addMember('Ada Connector', { [SONNET]: 'high' });
    const run = await ask(member, 'calc', 'Add [simulate:tool mcp__calc__add {"a":40,"b":2}]', bearer(member));
    expect(run).toMatchObject({ exitCode: 0, stderr: '', askedOutside: [] });
    expect(startOf(run.stdout)).toMatchObject({ mcp_servers: [{ name: 'calc', status: 'connected' }] });
    expect(run.stdout).toContain('the tool answered “42”');
    const [call] = await callsOf(connector.id);
    expect(call).toMatchObject({
      user: { name: 'Ada Connector' },
      method: 'tools/call',
      name: 'add',
      level: 'ask',
      effect: 'allow',
      outcome: 'completed',
      client: expect.stringContaining('claude-code/'),
    });
  });

  it('speaks to a server of the newer protocol, which has no handshake and no sessions', async () => {
    const modern = await startModernMcpServer();
    try {
      const connector = await register('modern', modern.url);
      const member = await stage.organisation.addMember('Gus Modern', { [SONNET]: 'high' });
      const run = await ask(member, 'modern', 'Add [simulate:tool mcp__modern__add {"a":20,"b":3}]', bearer(member));
      expect(startOf(run.stdout)).toMatchObject({ mcp_servers: [{ name: 'modern', status: 'connected' }] });
      expect(run.stdout).toContain('the tool answered “23”');
      const calls = await callsOf(connector.id);
      expect(calls.map(({ method, name, outcome }) => [method, name, outcome])).toEqual([
        ['tools/call', 'add', 'completed'],
      ]);
      const sent = modern.received.filter(({ headers }) => headers['user-agent']?.startsWith('claude-code/'));
      expect(sent.map(({ method }) => method)).toEqual(
        expect.arrayContaining(['server/discover', 'tools/list', 'tools/call']),
      );
      expect(sent.map(({ method }) => method)).not.toContain('initialize');
    } finally {
      await modern.close();
    }
  });

  it('is not shown a blocked tool, and so cannot call it', async () => {
    const connector = await register('store');
    const { admin } = stage.organisation;
    const block = (name: string) =>
      admin(updateConnector, { params: { connector_id: connector.id }, body: { tools: [{ name, level: 'blocked' }] } });
    await block('drop');
    const member = await stage.organisation.addMember('Ben Blocked', { [SONNET]: 'high' });
    const run = await ask(member, 'store', 'Drop [simulate:tool mcp__store__drop {}]', bearer(member));
    const { tools } = startOf(run.stdout);
    expect(tools).toContain('mcp__store__add');
    expect(tools).not.toContain('mcp__store__drop');
    expect(run.stdout).toContain('no tool named “mcp__store__drop” is offered');
    expect(server.ran.get('drop') ?? 0).toBe(0);
  });

  it('tells people that their key no longer works, without a loop and without a way to sign in', async () => {
    const connector = await register('gone');
    const [member, other] = await Promise.all([
      stage.organisation.addMember('Cleo Gone', { [SONNET]: 'high' }),
      stage.organisation.addMember('Cleo Here', { [SONNET]: 'high' }),
    ]);
    await member.revokeKey();
    const run = await ask(other, 'gone', 'hello', bearer(member));
    expect(startOf(run.stdout)).toMatchObject({ mcp_servers: [{ name: 'gone', status: 'failed' }] });
    expect(run.askedOutside).toEqual([]);
    expect(run.seconds).toBeLessThan(30);
    expect(await callsOf(connector.id)).toEqual([]);
  });

  it('goes on without a connector that was configured without a key', async () => {
    await register('bare');
    const member = await stage.organisation.addMember('Dan Bare', { [SONNET]: 'high' });
    const run = await ask(member, 'bare', 'hello');
    expect(run.exitCode).toBe(0);
    expect(startOf(run.stdout).mcp_servers).toMatchObject([{ name: 'bare', status: 'failed' }]);
    expect(run.askedOutside).toEqual([]);
    expect(run.seconds).toBeLessThan(30);
  });

  it('says in its list of servers what is wrong with each', async () => {
    await register('listed');
    const [member, gone] = await Promise.all([
      stage.organisation.addMember('Eve Listed', { [SONNET]: 'high' }),
      stage.organisation.addMember('Eve Gone', { [SONNET]: 'high' }),
    ]);
    await gone.revokeKey();
    const place = await stage.claude.openWorkplace({ env: { ANTHROPIC_AUTH_TOKEN: member.key } });
    const claude = async (...args: readonly string[]): Promise<string> =>
      (await promisify(execFile)(stage.claude.program, args, { cwd: place.project, env: place.env })).stdout;
    const add = (name: string, slug: string, key?: string) => {
      const url = `${stage.organisation.url}/mcp/${slug}`;
      const header = key === undefined ? [] : ['--header', `Authorization: Bearer ${key}`];
      return claude('mcp', 'add', '--transport', 'http', name, url, ...header);
    };
    await add('works', 'listed', member.key);
    await add('revoked', 'listed', gone.key);
    await add('keyless', 'listed');
    await add('nowhere', 'nowhere', member.key);
    const lines = (await claude('mcp', 'list')).split('\n');
    const said = (name: string) => lines.find((line) => line.startsWith(`${name}:`));
    expect(said('works')).toContain('✔ Connected');
    expect(said('revoked')).toContain(
      'This API key has been revoked or has expired. Ask an administrator for a new one.',
    );
    expect(said('keyless')).toContain('Connectors of Remit take your Remit key and have no sign-in of their own.');
    expect(said('nowhere')).toContain('MCP endpoint not found');
    expect(place.askedOutside).toEqual([]);
  });
});
