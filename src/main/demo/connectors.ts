import { type Connector, resolveCredential, toolLevel } from '../../access/index.ts';
import { createCallRecorder, type McpCallRow, type McpOutcome, serverStore } from '../../gateway/index.ts';
import { createNewId } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import type { Office } from './office.ts';
import type { Random } from './random.ts';
import { DAY_MS } from './schedule.ts';
import type { DemoKey } from './set-up.ts';

type DemoTool = {
  readonly name: string;
  readonly about: string;
  readonly effect: 'reads' | 'destroys' | null;
  /** How often it is called, beside the others. */
  readonly weight: number;
};

type DemoServer = {
  readonly slug: string;
  /** The header its credential would go out in. */
  readonly header: string;
  readonly tools: readonly DemoTool[];
};

/** What the connectors' servers would say of their tools. None of the servers is there: tools and calls are, as records. */
const SERVERS: readonly DemoServer[] = [
  {
    slug: 'github',
    header: 'authorization',
    tools: [
      { name: 'search_code', about: 'Searches all repositories for a text', effect: 'reads', weight: 40 },
      { name: 'read_file', about: 'Reads a file at a revision', effect: 'reads', weight: 35 },
      { name: 'merge_pull_request', about: 'Merges a pull request into its base', effect: null, weight: 6 },
      { name: 'delete_repository', about: 'Deletes a repository for good', effect: 'destroys', weight: 1 },
    ],
  },
  {
    slug: 'jira',
    header: 'x-api-key',
    tools: [
      { name: 'find_issues', about: 'Finds issues by words, owner or state', effect: 'reads', weight: 30 },
      { name: 'comment', about: 'Writes a comment on an issue', effect: null, weight: 10 },
      { name: 'close_issue', about: 'Closes an issue with a reason', effect: 'destroys', weight: 3 },
    ],
  },
  {
    slug: 'slack',
    header: 'authorization',
    tools: [
      { name: 'search_messages', about: 'Searches the public channels', effect: 'reads', weight: 14 },
      { name: 'post_message', about: 'Posts a message to a channel', effect: null, weight: 5 },
      { name: 'read_direct_messages', about: 'Reads direct messages', effect: 'reads', weight: 2 },
    ],
  },
  {
    slug: 'warehouse',
    header: 'authorization',
    tools: [
      { name: 'describe_table', about: 'Columns and sizes of a table', effect: 'reads', weight: 12 },
      { name: 'run_query', about: 'Runs a query that only reads', effect: 'reads', weight: 16 },
      { name: 'drop_table', about: 'Removes a table and its data', effect: 'destroys', weight: 1 },
    ],
  },
];

const hintsOf = ({ effect }: DemoTool) => ({
  readOnly: effect === null ? null : effect === 'reads',
  destructive: effect === null ? null : effect === 'destroys',
});

const connectorNamed = (office: Office, slug: string): Connector => {
  const connector = office.policy.current().organisation.connectors.bySlug.get(slug);
  if (connector === undefined) throw new Error(`the demonstration has no connector ${slug}`);
  return connector;
};

/** Keeps what the servers would have answered when they were asked for their tools. */
const keepTools = async ({ database, office, now }: CallOptions): Promise<void> => {
  for (const { slug, header, tools } of SERVERS) {
    const known = tools.map((tool) => ({ name: tool.name, title: null, description: tool.about, ...hintsOf(tool) }));
    await serverStore(database).write(connectorNamed(office, slug).id, {
      credential_kind: header === 'authorization' ? 'bearer' : 'headers',
      header_names: JSON.stringify([header]),
      tools: JSON.stringify(known),
      tools_at: now - DAY_MS,
      checked_at: now - DAY_MS,
      server_info: JSON.stringify({ name: `${slug}-mcp`, version: '2.4.1' }),
    });
  }
};

export type CallOptions = {
  readonly database: Database;
  readonly office: Office;
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
  { office, node }: CallOptions,
  { at, server, tool, key }: Drawn,
): Omit<McpCallRow, 'id' | 'request_id'> | undefined => {
  const snapshot = office.policy.current();
  const credential = snapshot.credentials.get(key.id);
  const resolved = credential && resolveCredential(snapshot, credential, at);
  const connector = connectorNamed(office, server.slug);
  if (resolved === undefined || !('caller' in resolved)) return undefined;
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
  const { database, random } = options;
  await keepTools(options);
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
