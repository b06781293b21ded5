import { connectorStore } from '../../access/index.ts';
import type { RecordActivity } from '../../activity/index.ts';
import { type ChangePolicy, changeInTurn, notFound } from '../../directory/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import type { Database, SecretBox, Sql } from '../../platform/index.ts';
import type { NewCredential } from './contract.ts';
import { credentialOf, serverStore } from './server-store.ts';
import type { McpServerRow } from './tables.ts';

/** What changing a connector's server stands on. */
export type SetServerDeps = {
  readonly database: Database;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
  readonly secrets: SecretBox;
  /** Whether connectors may have private addresses permitted at all. */
  readonly mayBePrivate: boolean;
};

/** A change; what is left out stays. */
export type ServerChanges = {
  readonly credential?: NewCredential | undefined;
  readonly private_addresses?: boolean | undefined;
};

/** Headers that are the connection's or the protocol's own. */
const TAKEN: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'last-event-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const isTaken = (name: string): boolean => TAKEN.has(name) || name.startsWith('mcp-') || name.startsWith('proxy-');

/** The headers a credential goes out in, names in small letters and values alternating. Refuses names that are not free. */
export const credentialHeaders = (credential: NewCredential): readonly string[] => {
  switch (credential.kind) {
    case 'none':
      return [];
    case 'bearer':
      return ['authorization', `Bearer ${credential.token}`];
    case 'headers': {
      const names = credential.headers.map(({ name }) => name.toLowerCase());
      const wrong = names.find((name, index) => isTaken(name) || names.indexOf(name) !== index);
      if (wrong !== undefined)
        throw new Refusal(
          'invalid_request',
          `The header ${wrong} is set by Remit itself, or given twice. Choose another.`,
        );
      return credential.headers.flatMap(({ name, value }) => [name.toLowerCase(), value]);
    }
    default: {
      const unexpected: never = credential;
      return unexpected;
    }
  }
};

const findConnector = async (sql: Sql, id: string) => {
  const connector = await connectorStore(sql).find(id);
  if (connector === undefined) throw notFound('connector', id);
  return connector;
};

/** Changes how Remit reaches a connector's server. A credential is sealed for the address the connector has now. */
export const setServer =
  ({ database, changePolicy, record, secrets, mayBePrivate }: SetServerDeps) =>
  (connectorId: string, { credential, private_addresses }: ServerChanges, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const { name, url } = await findConnector(sql, connectorId);
      if (private_addresses === true && !mayBePrivate)
        throw new Refusal(
          'invalid_request',
          'This installation reaches no private addresses (mcp_private_addresses is “never”).',
        );
      const changes: Partial<McpServerRow> = {};
      if (private_addresses !== undefined) changes.allows_private = private_addresses ? 1 : 0;
      if (credential !== undefined) {
        const headers = credentialHeaders(credential);
        changes.credential_kind = credential.kind;
        changes.header_names = JSON.stringify(headers.filter((_, index) => index % 2 === 0));
        changes.credential =
          headers.length === 0 ? null : secrets.seal(JSON.stringify(headers), credentialOf(connectorId, url));
      }
      const before = await serverStore(sql).find(connectorId);
      const isSame =
        credential === undefined &&
        changes.allows_private === (changes.allows_private === undefined ? undefined : before.allows_private);
      if (isSame) return;
      await serverStore(sql).write(connectorId, changes);
      await changePolicy(sql, { entity: 'connector', id: connectorId });
      await record(sql, by, { type: 'mcp_server_updated', mcp_server_id: connectorId, mcp_server_name: name });
    });
