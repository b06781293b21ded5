import { notFound } from '../../directory/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { AccessDeps } from '../change-models.ts';
import { createConnector, deleteConnector, setUnlistedServers, updateConnector } from './change-connector.ts';
import * as contract from './contract.ts';
import { connectorStore, type StoredConnector } from './store.ts';

const time = (ms: number): string => new Date(ms).toISOString();

const toWire = ({ id, slug, name, url, policy, createdAt, updatedAt }: StoredConnector): contract.Connector => ({
  id,
  type: 'connector',
  slug,
  name,
  url,
  level: policy.level,
  tools: [...policy.tools].map(([tool, level]) => ({ name: tool, level })),
  created_at: time(createdAt),
  updated_at: time(updatedAt),
});

/** Binds the endpoints about connectors to their operations. */
export const connectorRoutes = (deps: AccessDeps): readonly Route[] => {
  const store = connectorStore(deps.database);
  const showSettings = async () => ({ unlisted_servers: await store.readUnlistedServers() });
  return [
    route(contract.listConnectors, async () => ({ data: (await store.list()).map(toWire) })),
    route(contract.createConnector, async ({ body, by }) => toWire(await createConnector(deps)(body, by))),
    route(contract.getConnector, async ({ params }) => {
      const connector = await store.find(params.connector_id);
      if (connector === undefined) throw notFound('connector', params.connector_id);
      return toWire(connector);
    }),
    route(contract.updateConnector, async ({ params, body, by }) =>
      toWire(await updateConnector(deps)(params.connector_id, body, by)),
    ),
    route(contract.deleteConnector, async ({ params, by }) => {
      await deleteConnector(deps)(params.connector_id, by);
      return { id: params.connector_id, type: 'connector_deleted' as const };
    }),
    route(contract.getConnectorSettings, showSettings),
    route(contract.setConnectorSettings, async ({ body, by }) => {
      await setUnlistedServers(deps)(body.unlisted_servers, by);
      return showSettings();
    }),
  ];
};
