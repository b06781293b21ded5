import type { Selectable } from 'kysely';
import type { WantedIds } from '../../directory/index.ts';
import type { ToolLevel } from '../../kernel/index.ts';
import type { Sql } from '../../platform/index.ts';
import {
  type Connector,
  foldUrl,
  type RoleConnectors,
  type ToolPolicy,
  type UnlistedServers,
} from '../rules/connectors.ts';
import type { ConnectorTables } from './tables.ts';

/** A connector as it is stored, with the times it was made and last changed. */
export type StoredConnector = Connector & { readonly createdAt: number; readonly updatedAt: number };

type ToolRow = { readonly connector_id: string; readonly tool: string; readonly level: ToolLevel };

const toolsOf = (rows: readonly ToolRow[] = []): ToolPolicy['tools'] =>
  new Map(rows.map(({ tool, level }) => [tool, level]));

const toConnector = (row: Selectable<ConnectorTables['connectors']>, tools: readonly ToolRow[] | undefined) => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  url: row.url,
  policy: { level: row.level, tools: toolsOf(tools) },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toRow = ({ id, slug, name, url, policy, createdAt, updatedAt }: StoredConnector) => ({
  id,
  slug,
  name,
  url,
  url_key: foldUrl(url) ?? url,
  level: policy.level,
  created_at: createdAt,
  updated_at: updatedAt,
});

/** Where connectors and the organisation's word on them live. `write` replaces a connector with its tools. */
export const connectorStore = (sql: Sql) => {
  const tables = sql.tables<ConnectorTables>();
  return {
    /** All, by name. */
    list: async (): Promise<readonly StoredConnector[]> => {
      const [rows, tools] = await Promise.all([
        tables.selectFrom('connectors').selectAll().orderBy('name').orderBy('id').execute(),
        tables.selectFrom('connector_tools').selectAll().orderBy('tool').execute(),
      ]);
      const byConnector = Map.groupBy(tools, (row) => row.connector_id);
      return rows.map((row) => toConnector(row, byConnector.get(row.id)));
    },
    find: async (id: string): Promise<StoredConnector | undefined> => {
      const row = await tables.selectFrom('connectors').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) return undefined;
      const tools = await tables
        .selectFrom('connector_tools')
        .selectAll()
        .where('connector_id', '=', id)
        .orderBy('tool')
        .execute();
      return toConnector(row, tools);
    },
    insert: async (connector: StoredConnector): Promise<void> => {
      await tables.insertInto('connectors').values(toRow(connector)).execute();
    },
    write: async (connector: StoredConnector): Promise<void> => {
      const { id, ...row } = toRow(connector);
      await tables.updateTable('connectors').set(row).where('id', '=', id).execute();
      await tables.deleteFrom('connector_tools').where('connector_id', '=', id).execute();
      const tools = [...connector.policy.tools].map(([tool, level]) => ({ connector_id: id, tool, level }));
      if (tools.length > 0) await tables.insertInto('connector_tools').values(tools).execute();
    },
    /** Removes a connector with everything roles say of it; false when it was not there. */
    remove: async (id: string): Promise<boolean> => {
      const { numDeletedRows } = await tables.deleteFrom('connectors').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    readUnlistedServers: async (): Promise<UnlistedServers> =>
      (await tables.selectFrom('connector_settings').select('unlisted_servers').executeTakeFirstOrThrow())
        .unlisted_servers,
    writeUnlistedServers: async (unlisted: UnlistedServers): Promise<void> => {
      await tables.updateTable('connector_settings').set({ unlisted_servers: unlisted }).execute();
    },
  };
};

/** Where custom roles' Connectors tabs live; a role that is missing from `read` has an untouched one. */
export const roleConnectorStore = (sql: Sql) => {
  const tables = sql.tables<ConnectorTables>();
  return {
    read: async (wanted: WantedIds): Promise<ReadonlyMap<string, RoleConnectors>> => {
      let settingsOf = tables.selectFrom('role_connector_settings').selectAll();
      let connectorsOf = tables.selectFrom('role_connectors').selectAll();
      let toolRowsOf = tables.selectFrom('role_connector_tools').selectAll().orderBy('tool');
      if (wanted !== 'all') {
        settingsOf = settingsOf.where('role_id', 'in', [...wanted]);
        connectorsOf = connectorsOf.where('role_id', 'in', [...wanted]);
        toolRowsOf = toolRowsOf.where('role_id', 'in', [...wanted]);
      }
      const [settings, connectors, tools] = await Promise.all([
        settingsOf.execute(),
        connectorsOf.execute(),
        toolRowsOf.execute(),
      ]);
      const byRole = Map.groupBy(connectors, (row) => row.role_id);
      const toolsByRow = Map.groupBy(tools, (row) => `${row.role_id} ${row.connector_id}`);
      return new Map(
        settings.map(({ role_id, level }) => [
          role_id,
          {
            all: level,
            connectors: new Map(
              (byRole.get(role_id) ?? []).map((row) => [
                row.connector_id,
                { level: row.level, tools: toolsOf(toolsByRow.get(`${role_id} ${row.connector_id}`)) },
              ]),
            ),
          },
        ]),
      );
    },
    write: async (roleId: string, { all, connectors }: RoleConnectors): Promise<void> => {
      for (const table of ['role_connector_settings', 'role_connectors', 'role_connector_tools'] as const)
        await tables.deleteFrom(table).where('role_id', '=', roleId).execute();
      await tables.insertInto('role_connector_settings').values({ role_id: roleId, level: all }).execute();
      const rows = [...connectors].map(([id, { level }]) => ({ role_id: roleId, connector_id: id, level }));
      if (rows.length > 0) await tables.insertInto('role_connectors').values(rows).execute();
      const tools = [...connectors].flatMap(([id, policy]) =>
        [...policy.tools].map(([tool, level]) => ({ role_id: roleId, connector_id: id, tool, level })),
      );
      if (tools.length > 0) await tables.insertInto('role_connector_tools').values(tools).execute();
    },
  };
};
