import * as access from '../../access/contract.ts';
import { type Connector, resolveCredential, toolLevel } from '../../access/index.ts';
import { createCallRecorder, type McpCallRow, type McpOutcome, serverStore } from '../../gateway/index.ts';
import { createNewId, type ToolLevel } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import type { Office } from './office.ts';
import type { Random } from './random.ts';
import { DAY_MS, HOUR_MS } from './schedule.ts';
import { type DemoKey, type Ids, idOf } from './set-up.ts';

type DemoTool = {
  readonly name: string;
  readonly about: string;
  readonly effect: 'reads' | 'destroys' | null;
  /** How often it is called, beside the others. */
  readonly weight: number;
  /** The organisation's word, where it has one of its own. */
  readonly level?: ToolLevel;
};

type DemoServer = {
  readonly slug: string;
  readonly name: string;
  readonly url: string;
  readonly level: ToolLevel;
  readonly headers: readonly string[];
  readonly tools: readonly DemoTool[];
};

/** The MCP servers of the demonstration. None of them is there: their tools and calls are, as records. */
const SERVERS: readonly DemoServer[] = [
  {
    slug: 'code-host',
    name: 'Code Host',
    url: 'https://mcp.code.northwind-robotics.example/mcp',
    level: 'always',
    headers: ['authorization'],
    tools: [
      { name: 'search_code', about: 'Searches all repositories for a text', effect: 'reads', weight: 40 },
      { name: 'read_file', about: 'Reads a file at a revision', effect: 'reads', weight: 35 },
      { name: 'open_pull_request', about: 'Opens a pull request from a branch', effect: null, weight: 8, level: 'ask' },
      { name: 'delete_branch', about: 'Deletes a branch', effect: 'destroys', weight: 2, level: 'blocked' },
    ],
  },
  {
    slug: 'tickets',
    name: 'Tickets',
    url: 'https://mcp.tickets.northwind-robotics.example/mcp',
    level: 'ask',
    headers: ['x-api-key'],
    tools: [
      {
        name: 'find_tickets',
        about: 'Finds tickets by words, owner or state',
        effect: 'reads',
        weight: 30,
        level: 'always',
      },
      { name: 'comment', about: 'Writes a comment on a ticket', effect: null, weight: 10 },
      { name: 'close_ticket', about: 'Closes a ticket with a reason', effect: 'destroys', weight: 3 },
    ],
  },
  {
    slug: 'warehouse',
    name: 'Data Warehouse',
    url: 'https://mcp.warehouse.northwind-robotics.example/mcp',
    level: 'blocked',
    headers: ['authorization'],
    tools: [
      { name: 'describe_table', about: 'Columns and sizes of a table', effect: 'reads', weight: 12, level: 'always' },
      { name: 'run_query', about: 'Runs a query that only reads', effect: 'reads', weight: 16, level: 'ask' },
      { name: 'drop_table', about: 'Removes a table and its data', effect: 'destroys', weight: 1 },
    ],
  },
];

/** Registers the servers, with the organisation's word on their tools. */
export const registerServers = async ({ call, wait }: Office): Promise<Ids> => {
  const ids = new Map<string, string>();
  for (const { slug, name, url, level, tools } of SERVERS) {
    const { id } = await call(access.createConnector, { body: { slug, name, url, level } });
    ids.set(slug, id);
    wait(HOUR_MS);
    const own = tools.flatMap((tool) => (tool.level === undefined ? [] : [{ name: tool.name, level: tool.level }]));
    await call(access.updateConnector, { params: { connector_id: id }, body: { tools: own } });
    wait(HOUR_MS);
  }
  return ids;
};

const hintsOf = ({ effect }: DemoTool) => ({
  readOnly: effect === null ? null : effect === 'reads',
  destructive: effect === null ? null : effect === 'destroys',
});

/** Keeps what the servers would have answered when they were asked for their tools. */
const keepTools = async (database: Database, ids: Ids, now: number): Promise<void> => {
  for (const { slug, name, headers, tools } of SERVERS) {
    const known = tools.map((tool) => ({ name: tool.name, title: null, description: tool.about, ...hintsOf(tool) }));
    await serverStore(database).write(idOf(ids, slug), {
      credential_kind: headers[0] === 'authorization' ? 'bearer' : 'headers',
      header_names: JSON.stringify(headers),
      tools: JSON.stringify(known),
      tools_at: now - DAY_MS,
      checked_at: now - DAY_MS,
      server_info: JSON.stringify({ name: name.toLowerCase().replace(' ', '-'), version: '2.4.1' }),
    });
  }
};

export type CallOptions = {
  readonly database: Database;
  readonly office: Office;
  readonly ids: Ids;
  readonly keys: readonly DemoKey[];
  readonly random: Random;
  readonly now: number;
  readonly days: number;
  readonly node: string;
};

const CALLS_A_DAY = 40;

const OUTCOMES: readonly (readonly [McpOutcome, number])[] = [
  ['completed', 92],
  ['tool_error', 5],
  ['failed', 2],
  ['client_left', 1],
];

type Drawn = { readonly at: number; readonly server: DemoServer; readonly tool: DemoTool; readonly key: DemoKey };

const draw = ({ random, keys, now, days }: CallOptions): readonly Drawn[] =>
  Array.from({ length: CALLS_A_DAY * days }, () => {
    const server = random.pick(SERVERS);
    const tool = random.weighted(server.tools.map((one) => [one, one.weight] as const));
    return { at: now - Math.floor(random.next() * days * DAY_MS), server, tool, key: random.pick(keys) };
  }).toSorted((a, b) => a.at - b.at);

const reasonOf = (stoppedBy: 'organisation' | 'roles' | null): string | null => {
  if (stoppedBy === null) return null;
  return stoppedBy === 'organisation' ? 'tool-blocked-by-organisation' : 'tool-not-granted-by-role';
};

const rowOf = (
  { office, ids, node }: CallOptions,
  { at, server, tool, key }: Drawn,
): Omit<McpCallRow, 'id' | 'request_id'> | undefined => {
  const snapshot = office.policy.current();
  const credential = snapshot.credentials.get(key.id);
  const resolved = credential && resolveCredential(snapshot, credential, at);
  const connector: Connector | undefined = snapshot.organisation.connectors.byId.get(idOf(ids, server.slug));
  if (resolved === undefined || !('caller' in resolved) || connector === undefined) return undefined;
  const { caller } = resolved;
  const { level, stoppedBy } = toolLevel(caller.entitlements, { connector, tool: tool.name });
  return {
    started_at: at,
    node,
    user_id: caller.userId,
    group_id: caller.groupId,
    api_key_id: caller.credential.id,
    connector_id: connector.id,
    connector_slug: connector.slug,
    method: 'tools/call',
    name: tool.name,
    level,
    effect: stoppedBy === null ? 'allow' : 'deny',
    reason: reasonOf(stoppedBy),
    policy_version: snapshot.version,
    client: 'claude-code/2.1.330 (cli)',
    session: null,
    body_bytes: 220,
  };
};

/** Fills the record of calls as members would have, under the rules of the organisation. */
export const storeCalls = async (options: CallOptions): Promise<number> => {
  const { database, random, ids, now } = options;
  await keepTools(database, ids, now);
  const recorder = createCallRecorder(database.journal, (_, error) => {
    throw error;
  });
  const decided: Promise<void>[] = [];
  for (const drawn of draw(options)) {
    const row = rowOf(options, drawn);
    if (row === undefined) continue;
    const newId = createNewId(() => drawn.at, random.bytes);
    const id = newId('mcpCall');
    decided.push(recorder.decided([{ ...row, id, request_id: newId('request') }]));
    if (row.effect === 'deny') continue;
    const total_ms = Math.round(random.skewed(180, 0.9));
    const outcome = random.weighted(OUTCOMES);
    recorder.ended({
      call_id: id,
      ended_at: drawn.at + total_ms,
      outcome,
      status: outcome === 'failed' ? 502 : outcome === 'client_left' ? null : 200,
      answer_bytes: Math.round(random.skewed(1800, 1)),
      total_ms,
    });
  }
  await Promise.all(decided);
  await database.journal.flush();
  return decided.length;
};
