import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { resolveCredential, type Snapshot } from '../../access/index.ts';
import type { RecordActivity } from '../../activity/index.ts';
import type { ChangePolicy, CredentialFacts } from '../../directory/index.ts';
import { Refusal } from '../../kernel/index.ts';
import type { Route, SecretBox } from '../../platform/index.ts';
import type { GatewayDeps } from '../deps.ts';
import { refuse } from '../refuse.ts';
import type { McpDeps } from './deps.ts';
import { createFirstUse } from './first-use.ts';
import { toRpcError } from './json-rpc.ts';
import { createMcpMetrics } from './metrics.ts';
import { createOpenStreams } from './open-streams.ts';
import { closeInterruptedCalls, createCallRecorder } from './record-calls.ts';
import { refreshTools } from './refresh-tools.ts';
import { mcpRoutes } from './routes.ts';
import { createServeMcp, type ServeMcp } from './serve-mcp.ts';
import { createServers, type Servers } from './servers.ts';
import { createSessions, type SeenSession, type Sessions } from './sessions.ts';

/** The MCP gateway of a node. */
export type McpGateway = {
  readonly serve: ServeMcp;
  /** Answers a request while Remit shuts down. */
  refuseDraining(request: IncomingMessage, response: ServerResponse): void;
  /** Answers a client that was given no key and now tries to register for a sign-in (RFC 7591): it shows the sentence. */
  refuseRegistration(response: ServerResponse): void;
  readonly routes: readonly Route[];
  /** Ends at their servers the sessions of those whose access has ended. */
  endSessions(snapshot: Snapshot): void;
  close(): void;
};

/** What the configuration says of it. */
export type McpSettings = {
  readonly messageBytesMax: number;
  /** How many streams one member may hold open at this node. */
  readonly streamsMax: number;
  readonly answerMs: number;
  readonly sessionMsMax: number;
  readonly mayBePrivate: boolean;
  readonly node: string;
  readonly publicUrl: () => string;
};

const NO_REGISTRATION =
  'Connectors of Remit take your Remit key and have no sign-in of their own. Add the server with --header "Authorization: Bearer <your Remit key>"; the console shows the whole line under “My connectors”.';

const CONNECT_MS = 10_000;

/** Long enough for a server to hear of an end, short enough not to hold on to one that is away. */
const END_MS = 5000;

const isOver =
  (snapshot: Snapshot, now: number) =>
  ({ id }: CredentialFacts): boolean => {
    const credential = snapshot.credentials.get(id);
    return credential === undefined || !('caller' in resolveCredential(snapshot, credential, now));
  };

/** Tells a server that a session has ended. Whether it listens is its own affair. */
const endSession = async (servers: Servers, snapshot: Snapshot, { connectorId, serverId }: SeenSession) => {
  const { connectors } = snapshot.organisation;
  const connector = connectors.byId.get(connectorId);
  if (connector === undefined) return;
  const connection = await servers.connectionTo(connector, connectors);
  const question = { method: 'DELETE', headers: ['mcp-session-id', serverId], body: null } as const;
  const answer = await connection.ask(question, AbortSignal.timeout(END_MS));
  answer.body.on('error', () => undefined).destroy();
};

const openSessions = (deps: GatewayDeps, secrets: SecretBox, settings: McpSettings): Sessions =>
  createSessions({ secrets, now: deps.now, ageMsMax: settings.sessionMsMax });

type McpSurroundings = {
  readonly secrets: SecretBox;
  readonly registry: Registry;
  readonly settings: McpSettings;
  readonly changePolicy: ChangePolicy;
  readonly record: RecordActivity;
};

/** Opens the MCP gateway; ends in the records what an earlier process of this node left open. */
export const openMcpGateway = async (
  deps: GatewayDeps,
  { secrets, registry, settings, changePolicy, record }: McpSurroundings,
): Promise<McpGateway> => {
  const { addressOf, database, alerts, log, now, newId, policy, running } = deps;
  const sessions = openSessions(deps, secrets, settings);
  const times = { connectMs: CONNECT_MS, answerMs: settings.answerMs };
  const servers = createServers({ database, secrets, alerts, times, mayBePrivate: settings.mayBePrivate });
  const metrics = createMcpMetrics(registry, () => sessions.size);
  const calls = createCallRecorder(database.journal, (ending, error) =>
    log.error({ err: error, ending }, 'the ending of an MCP call was given up because the store stayed away'),
  );
  await closeInterruptedCalls({ database, node: settings.node, now });
  const { messageBytesMax, node, publicUrl } = settings;
  const mcp: McpDeps = {
    ...{
      addressOf,
      policy,
      running,
      log,
      now,
      newId,
      servers,
      sessions,
      calls,
      metrics,
      streams: createOpenStreams(settings.streamsMax),
      node,
      messageBytesMax,
      publicUrl,
    },
    used: createFirstUse(database, refreshTools({ database, record, servers, now }), log),
  };
  return {
    serve: createServeMcp(mcp),
    refuseDraining: (request, response) => {
      const refusal = new Refusal('shutting_down', 'Remit is restarting. Try again in a moment.');
      refuse(
        {
          request,
          response,
          requestId: newId('request'),
          log,
          toBody: (error, thrown) => toRpcError(error, thrown, null),
        },
        refusal,
        ['retry-after', '1', 'connection', 'close'],
      );
    },
    refuseRegistration: (response) => {
      response.writeHead(403, ['content-type', 'application/json', 'cache-control', 'no-store']);
      response.end(JSON.stringify({ error: 'access_denied', error_description: NO_REGISTRATION }));
    },
    routes: mcpRoutes({
      ...{ database, changePolicy, record, secrets, servers, now, policy, publicUrl },
      mayBePrivate: settings.mayBePrivate,
    }),
    endSessions: (snapshot) => {
      for (const session of sessions.takeEnded(isOver(snapshot, now())))
        endSession(servers, snapshot, session).catch((error: unknown) =>
          log.info({ err: error }, 'a server did not hear of the end of a session'),
        );
      servers.keepOnly(snapshot.organisation.connectors);
    },
    close: servers.close,
  };
};
