import type { NewActivity } from '../../activity/index.ts';
import { changeInTurn, notFound } from '../../directory/index.ts';
import { type Doer, Refusal, type ToolLevel } from '../../kernel/index.ts';
import { isUniqueViolation } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { foldUrl, type ToolPolicy, type UnlistedServers } from '../rules/connectors.ts';
import { connectorStore, type StoredConnector } from './store.ts';

const CONNECTORS_MAX = 500;

/** What names every tool without a level of its own in the feed of activities. */
const EVERY_OTHER_TOOL = '*';

/** A connector to be made. */
export type NewConnector = Pick<StoredConnector, 'slug' | 'name' | 'url'> & { readonly level: ToolLevel };

/** A change of a connector; what is left out stays. A tool's level of null makes it one of those that nobody has named. */
export type ConnectorChanges = Partial<NewConnector> & {
  readonly tools?: readonly { readonly name: string; readonly level: ToolLevel | null }[];
};

const refuseTaken = (error: unknown): never => {
  if (isUniqueViolation(error))
    throw new Refusal('conflict', 'There is a connector with this short name or this address already.');
  throw error;
};

const requireAddress = (url: string): void => {
  if (foldUrl(url) === undefined)
    throw new Refusal('invalid_request', 'The address of a connector starts with https:// or http://.');
};

/** Registers an MCP server. Roles whose “All connectors” row holds a level have it at once; in the others it is blocked. */
export const createConnector =
  ({ database, changePolicy, record, now, newId }: AccessDeps) =>
  ({ slug, name, url, level }: NewConnector, by: Doer): Promise<StoredConnector> =>
    changeInTurn(database, async (sql) => {
      requireAddress(url);
      const store = connectorStore(sql);
      if ((await store.list()).length >= CONNECTORS_MAX)
        throw new Refusal('conflict', `An organisation can have ${CONNECTORS_MAX} connectors; delete one first.`);
      const at = now();
      const policy: ToolPolicy = { level, tools: new Map() };
      const connector = { id: newId('connector'), slug, name, url, policy, createdAt: at, updatedAt: at };
      await store.insert(connector);
      await changePolicy(sql, { entity: 'connector', id: connector.id });
      await record(sql, by, {
        type: 'mcp_server_created',
        mcp_server_id: connector.id,
        mcp_server_name: name,
      });
      return connector;
    }).catch(refuseTaken);

const policyAfter = ({ policy }: StoredConnector, { level, tools = [] }: ConnectorChanges): ToolPolicy => {
  const after = new Map(policy.tools);
  for (const { name, level: of } of tools) {
    if (of === null) after.delete(name);
    else after.set(name, of);
  }
  return { level: level ?? policy.level, tools: after };
};

const describeChange = (before: StoredConnector, after: StoredConnector): readonly NewActivity[] => {
  const server = { mcp_server_id: after.id, mcp_server_name: after.name };
  const tools = new Set([...before.policy.tools.keys(), ...after.policy.tools.keys()]);
  const changed = [...tools].filter((tool) => before.policy.tools.get(tool) !== after.policy.tools.get(tool));
  const policies = changed.map((tool) => [tool, after.policy.tools.get(tool) ?? null] as const);
  const own = before.policy.level === after.policy.level ? [] : [[EVERY_OTHER_TOOL, after.policy.level] as const];
  const isRenamed = before.name !== after.name || before.slug !== after.slug || before.url !== after.url;
  return [
    ...(isRenamed ? [{ type: 'mcp_server_updated' as const, ...server }] : []),
    ...[...own, ...policies].map(([tool_name, max_permission]) => ({
      type: 'mcp_tool_policy_updated' as const,
      ...server,
      tool_name,
      max_permission,
    })),
  ];
};

/** Changes a connector or the organisation's word on its tools; what it says already is no change. */
export const updateConnector =
  ({ database, changePolicy, record, now }: AccessDeps) =>
  (id: string, changes: ConnectorChanges, by: Doer): Promise<StoredConnector> =>
    changeInTurn(database, async (sql) => {
      const store = connectorStore(sql);
      const before = await store.find(id);
      if (before === undefined) throw notFound('connector', id);
      const { slug = before.slug, name = before.name, url = before.url } = changes;
      requireAddress(url);
      const after = { ...before, slug, name, url, policy: policyAfter(before, changes), updatedAt: now() };
      const activities = describeChange(before, after);
      if (activities.length === 0) return before;
      await store.write(after);
      await changePolicy(sql, { entity: 'connector', id });
      await record(sql, by, ...activities);
      return after;
    }).catch(refuseTaken);

/** Deletes a connector; what roles said of it goes with it. */
export const deleteConnector =
  ({ database, changePolicy, record }: AccessDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = connectorStore(sql);
      const connector = await store.find(id);
      if (connector === undefined) throw notFound('connector', id);
      await store.remove(id);
      await changePolicy(sql, { entity: 'connector', id });
      await record(sql, by, {
        type: 'mcp_server_deleted',
        mcp_server_id: id,
        mcp_server_name: connector.name,
      });
    });

/** Decides who may have the provider reach servers that are not registered. */
export const setUnlistedServers =
  ({ database, changePolicy, record }: AccessDeps) =>
  (unlisted: UnlistedServers, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = connectorStore(sql);
      const before = await store.readUnlistedServers();
      if (before === unlisted) return;
      await store.writeUnlistedServers(unlisted);
      await changePolicy(sql, { entity: 'connector', id: 'all' });
      await record(sql, by, {
        type: 'claude_organization_settings_updated',
        updates: [{ type: 'unlisted_mcp_servers', previous_value: before, current_value: unlisted }],
      });
    });
