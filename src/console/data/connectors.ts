import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getConnector, listConnectors } from '../../access/contract.ts';
import {
  getConnectorServer,
  listConnectorGrants,
  listMcpCalls,
  listMyConnectors,
  listMyMcpCalls,
} from '../../gateway/contract.ts';
import { call } from './client.ts';

const PAGE = 25;

/** Every registered MCP server, by name. */
export const connectorsQuery = queryOptions({
  queryKey: ['connectors'],
  queryFn: async () => (await call(listConnectors)).data,
});

/** One connector with the organisation's word on its tools. */
export const connectorQuery = (connectorId: string) =>
  queryOptions({
    queryKey: ['connectors', connectorId],
    queryFn: () => call(getConnector, { params: { connector_id: connectorId } }),
  });

/** How Remit reaches a connector's server, and the tools it listed last. */
export const connectorServerQuery = (connectorId: string) =>
  queryOptions({
    queryKey: ['connectors', connectorId, 'server'],
    queryFn: () => call(getConnectorServer, { params: { connector_id: connectorId } }),
  });

/** What each custom role grants on a connector. */
export const connectorGrantsQuery = (connectorId: string) =>
  queryOptions({
    queryKey: ['connectors', connectorId, 'grants'],
    queryFn: async () => (await call(listConnectorGrants, { params: { connector_id: connectorId } })).data,
  });

/** The connectors the person signed in may use. */
export const myConnectorsQuery = queryOptions({
  queryKey: ['my-connectors'],
  queryFn: async () => (await call(listMyConnectors)).data,
});

/** Which calls to read: everybody's, those of one connector, or one's own; perhaps only what was refused. */
export type CallsQuery = {
  readonly of: 'organisation' | 'me';
  readonly connectorId?: string | undefined;
  readonly refusedOnly: boolean;
};

/** Calls of connectors, newest first, a page at a time. */
export const mcpCallsQuery = ({ of, connectorId, refusedOnly }: CallsQuery) =>
  infiniteQueryOptions({
    queryKey: ['mcp-calls', of, connectorId, refusedOnly],
    queryFn: ({ pageParam }) =>
      call(of === 'me' ? listMyMcpCalls : listMcpCalls, {
        query: {
          connector_id: connectorId,
          effect: refusedOnly ? 'deny' : undefined,
          limit: PAGE,
          after_id: pageParam,
        },
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ has_more, last_id }) => (has_more && last_id !== null ? last_id : undefined),
    staleTime: 0,
  });
