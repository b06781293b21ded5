import { type Connector, roleToolLevel, type Snapshot } from '../../access/index.ts';
import { notFound } from '../../directory/index.ts';
import { idPage, Refusal } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { type CallFilter, callStore } from './call-store.ts';
import * as contract from './contract.ts';
import { discoverTools } from './discover-tools.ts';
import { memberIdOf, myConnectors } from './my-connectors.ts';
import { type RefreshDeps, refreshTools } from './refresh-tools.ts';
import { serverStore } from './server-store.ts';
import { credentialHeaders, type SetServerDeps, setServer } from './set-server.ts';
import { showCalls } from './show-calls.ts';
import { showServer, toWireTool } from './show-server.ts';

/** What the endpoints of the MCP gateway stand on. */
export type McpRoutesDeps = SetServerDeps &
  RefreshDeps &
  Pick<GatewayDeps, 'policy'> & { readonly publicUrl: () => string };

/** Binds the endpoints about connectors' servers and their calls. */
export const mcpRoutes = (deps: McpRoutesDeps): readonly Route[] => [
  ...serverRoutes(deps),
  ...callRoutes(deps),
  route(contract.listMyConnectors, async ({ actor }) => {
    const servers = await serverStore(deps.database).list();
    const asked = { snapshot: deps.policy.current(), userId: memberIdOf(actor), servers };
    return { data: [...myConnectors(asked, deps.publicUrl())] };
  }),
];

const connectorIn = ({ organisation }: Snapshot, id: string): Connector => {
  const connector = organisation.connectors.byId.get(id);
  if (connector === undefined) throw notFound('connector', id);
  return connector;
};

const grantsOf = (snapshot: Snapshot, connector: Connector) =>
  [...snapshot.roles.values()]
    .toSorted((a, b) => a.displayName.localeCompare(b.displayName))
    .map(({ id, displayName, connectors }) => ({
      role: { id, display_name: displayName },
      level: roleToolLevel(connectors, { connector, tool: null }),
      tools:
        connectors.all === 'custom'
          ? [...(connectors.connectors.get(connector.id)?.tools ?? [])].map(([name, level]) => ({ name, level }))
          : [],
    }));

const serverRoutes = (deps: McpRoutesDeps): readonly Route[] => {
  const { policy } = deps;
  const store = serverStore(deps.database);
  const show = async (id: string): Promise<contract.ConnectorServer> => {
    connectorIn(policy.current(), id);
    return showServer(await store.find(id));
  };
  return [
    route(contract.getConnectorServer, ({ params }) => show(params.connector_id)),
    route(contract.setConnectorServer, async ({ params, body, by }) => {
      await setServer(deps)(params.connector_id, body, by);
      return showServer(await store.find(params.connector_id));
    }),
    route(contract.refreshConnectorTools, async ({ params, by }) => {
      await refreshTools(deps)(params.connector_id, by);
      return showServer(await store.find(params.connector_id));
    }),
    route(contract.testConnector, ({ body }) => testServer(deps, body)),
    route(contract.listConnectorGrants, async ({ params }) => {
      const snapshot = policy.current();
      return { data: grantsOf(snapshot, connectorIn(snapshot, params.connector_id)) };
    }),
  ];
};

type Tested = {
  readonly url: string;
  readonly credential: contract.NewCredential;
  readonly private_addresses: boolean;
};

const testServer = async ({ servers, mayBePrivate }: McpRoutesDeps, { url, credential, private_addresses }: Tested) => {
  const name = new URL(url).host;
  const connection = servers.open({
    connectorId: `test of ${url}`,
    name,
    url,
    credential: credentialHeaders(credential),
    allowsPrivate: mayBePrivate && private_addresses,
  });
  try {
    const { server, tools } = await discoverTools(connection, name);
    return { type: 'connector_test' as const, error: null, server, tools: tools.map(toWireTool) };
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    return { type: 'connector_test' as const, error: thrown.message, server: null, tools: [] };
  } finally {
    connection.close();
  }
};

type CallQuery = {
  readonly connector_id?: string | undefined;
  readonly name?: string | undefined;
  readonly method?: CallFilter['method'];
  readonly effect?: CallFilter['effect'];
  readonly starting_at?: string | undefined;
  readonly ending_at?: string | undefined;
  readonly limit: number;
  readonly after_id?: string | undefined;
  readonly before_id?: string | undefined;
};

const time = (text: string | undefined): number | undefined => (text === undefined ? undefined : Date.parse(text));

const filterOf = (query: CallQuery): CallFilter => ({
  connectorId: query.connector_id,
  name: query.name,
  method: query.method,
  effect: query.effect,
  startingAt: time(query.starting_at),
  endingAt: time(query.ending_at),
  limit: query.limit,
  afterId: query.after_id,
  beforeId: query.before_id,
});

const callRoutes = ({ database, policy }: McpRoutesDeps): readonly Route[] => {
  const list = async (filter: CallFilter) => {
    const calls = await showCalls(database, policy.current(), await callStore(database).list(filter));
    const page = idPage(calls, filter.limit, filter.beforeId === undefined ? 'forward' : 'backward');
    return { ...page, data: [...page.data] };
  };
  return [
    route(contract.listMcpCalls, ({ query }) =>
      list({
        ...filterOf(query),
        userId: query.user_id,
        apiKeyId: query.api_key_id,
        groupId: query.rbac_group_id,
        requestId: query.request_id,
      }),
    ),
    route(contract.listMyMcpCalls, ({ query, actor }) => list({ ...filterOf(query), userId: memberIdOf(actor) })),
  ];
};
