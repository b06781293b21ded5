import type { Policy } from '../access/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { Database, Log } from '../platform/index.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { Recorder } from './record.ts';
import type { Running } from './running.ts';
import type { Alerts } from './upstream/alerts.ts';
import type { Forward } from './upstream/forward.ts';

/** What the gateway's operations stand on. */
export type GatewayDeps = {
  readonly database: Database;
  readonly policy: Policy;
  readonly recorder: Recorder;
  readonly forward: Forward;
  readonly running: Running;
  readonly alerts: Alerts;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: NewId;
  readonly bodyBytesMax: number;
};
