import type { Connector, ConnectorIndex } from '../../access/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Database, SecretBox } from '../../platform/index.ts';
import type { Alerts } from '../upstream/alerts.ts';
import {
  openServerConnection,
  type ServerAddress,
  type ServerConnection,
  type ServerTimes,
} from './server-connection.ts';
import { credentialOf, serverStore } from './server-store.ts';
import type { McpServerRow } from './tables.ts';

/** The ways to the registered servers, each opened on first use and kept while nothing about it changes. */
export type Servers = {
  /** Refuses where the stored credential cannot be opened. */
  connectionTo(connector: Connector, index: ConnectorIndex): Promise<ServerConnection>;
  /** Opens a way of one's own to a server that need not be registered; whoever opens it closes it. */
  open(address: ServerAddress): ServerConnection;
  /** The address with the credential that a row holds. */
  addressOf(connector: Pick<Connector, 'id' | 'name' | 'url'>, row: McpServerRow): ServerAddress;
  /** Lets go of servers that are not registered any more: what is under way there breaks off. */
  keepOnly(index: ConnectorIndex): void;
  close(): void;
};

type Entry = { index: ConnectorIndex; readonly key: string; readonly connection: ServerConnection };

export const createServers = (options: {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly alerts: Alerts;
  readonly times: ServerTimes;
  /** Whether connectors may have private addresses permitted at all. */
  readonly mayBePrivate: boolean;
}): Servers => {
  const { database, secrets, alerts, times, mayBePrivate } = options;
  const entries = new Map<string, Entry>();

  const openCredential = (sealed: string, { id, name, url }: Pick<Connector, 'id' | 'name' | 'url'>): string[] => {
    try {
      return JSON.parse(secrets.open(sealed, credentialOf(id, url))) as string[];
    } catch (internal) {
      throw new Refusal(
        'upstream_credential_rejected',
        `The credential of the connector “${name}” cannot be opened: its address or Remit's secret key has changed since. An administrator has to enter it again.`,
        { details: { error_code: 'mcp_credential_sealed' }, internal },
      );
    }
  };

  const addressOf: Servers['addressOf'] = ({ id, name, url }, row) => ({
    connectorId: id,
    name,
    url,
    credential: row.credential === null ? [] : openCredential(row.credential, { id, name, url }),
    allowsPrivate: mayBePrivate && row.allows_private === 1,
  });

  const open = (address: ServerAddress): ServerConnection => openServerConnection(address, times, alerts);

  const replace = (connector: Connector, index: ConnectorIndex, row: McpServerRow): ServerConnection => {
    const key = JSON.stringify([connector.url, connector.name, row.credential, row.allows_private]);
    const before = entries.get(connector.id);
    if (before?.key === key) {
      before.index = index;
      return before.connection;
    }
    before?.connection.close();
    const connection = open(addressOf(connector, row));
    entries.set(connector.id, { index, key, connection });
    return connection;
  };

  return {
    open,
    addressOf,
    connectionTo: async (connector, index) => {
      const known = entries.get(connector.id);
      // The index is another one after every change of a connector, and of what the gateway keeps of it.
      if (known?.index === index) return known.connection;
      return replace(connector, index, await serverStore(database).find(connector.id));
    },
    keepOnly: ({ byId }) => {
      for (const [id, { connection }] of entries) {
        if (byId.has(id)) continue;
        connection.close();
        entries.delete(id);
      }
    },
    close: () => {
      for (const { connection } of entries.values()) connection.close();
      entries.clear();
    },
  };
};
