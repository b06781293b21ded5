import type { GatewayDeps } from '../deps.ts';
import type { McpMetrics } from './metrics.ts';
import type { OpenStreams } from './open-streams.ts';
import type { CallRecorder } from './record-calls.ts';
import type { Servers } from './servers.ts';
import type { Sessions } from './sessions.ts';

/** What the MCP gateway stands on. */
export type McpDeps = Pick<GatewayDeps, 'policy' | 'running' | 'log' | 'now' | 'newId' | 'addressOf'> & {
  readonly servers: Servers;
  readonly sessions: Sessions;
  readonly calls: CallRecorder;
  readonly metrics: McpMetrics;
  readonly streams: OpenStreams;
  readonly node: string;
  /** Largest message, in either direction. */
  readonly messageBytesMax: number;
  /** Where people reach this installation: the only origin a browser may send requests from. */
  readonly publicUrl: () => string;
  /** Told when a connector is used; asks its server for its tools when nobody has. */
  readonly used: (connectorId: string) => void;
};
