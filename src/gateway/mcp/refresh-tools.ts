import { type Connector, connectorStore } from '../../access/index.ts';
import type { RecordActivity } from '../../activity/index.ts';
import { notFound } from '../../directory/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { type Discovery, discoverTools } from './discover-tools.ts';
import { type KnownTool, serverStore, toolsOf } from './server-store.ts';
import type { Servers } from './servers.ts';

/** What asking for tools stands on. */
export type RefreshDeps = {
  readonly database: Database;
  readonly record: RecordActivity;
  readonly servers: Servers;
  readonly now: () => number;
};

const namesOf = (tools: readonly KnownTool[]): ReadonlySet<string> => new Set(tools.map(({ name }) => name));

/** Which tools came, went, or are described otherwise than before: a server can change what a tool does under its name. */
export const compareTools = (before: readonly KnownTool[], after: readonly KnownTool[]) => {
  const [old, current] = [namesOf(before), namesOf(after)];
  const described = new Map(before.map((tool) => [tool.name, JSON.stringify(tool)]));
  const isOther = (tool: KnownTool) => old.has(tool.name) && described.get(tool.name) !== JSON.stringify(tool);
  return {
    added: [...current].filter((name) => !old.has(name)),
    removed: [...old].filter((name) => !current.has(name)),
    changed: after.filter(isOther).map(({ name }) => name),
  };
};

const store = (
  { database, record, now }: RefreshDeps,
  { connector, discovery, by }: { connector: Connector; discovery: Discovery; by: Doer },
): Promise<void> =>
  database.transaction(async (sql) => {
    const servers = serverStore(sql);
    const before = await servers.find(connector.id);
    const at = now();
    await servers.write(connector.id, {
      tools: JSON.stringify(discovery.tools),
      tools_at: at,
      checked_at: at,
      check_error: null,
      server_info: discovery.server === null ? null : JSON.stringify(discovery.server),
    });
    await record(sql, by, {
      type: 'remit_mcp_tools_refreshed',
      mcp_server_id: connector.id,
      mcp_server_name: connector.name,
      ...compareTools(toolsOf(before), discovery.tools),
    });
  });

/** Asks a connector's server for its tools and keeps them. What stands against it is kept as well, and refused with. */
export const refreshTools =
  (deps: RefreshDeps) =>
  async (connectorId: string, by: Doer): Promise<void> => {
    const { database, servers, now } = deps;
    const connector = await connectorStore(database).find(connectorId);
    if (connector === undefined) throw notFound('connector', connectorId);
    const connection = servers.open(servers.addressOf(connector, await serverStore(database).find(connectorId)));
    try {
      const discovery = await discoverTools(connection, connector.name);
      await store(deps, { connector, discovery, by });
    } catch (thrown) {
      if (thrown instanceof Refusal)
        await serverStore(database).write(connectorId, { checked_at: now(), check_error: thrown.message });
      throw thrown;
    } finally {
      connection.close();
    }
  };
