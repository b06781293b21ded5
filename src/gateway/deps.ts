import type { Socket } from 'node:net';
import type { Policy } from '../access/index.ts';
import type { NewId } from '../kernel/index.ts';
import type { Database, Log } from '../platform/index.ts';
import type { RateGate } from '../spend/index.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { Recorder } from './record.ts';
import type { Running } from './running.ts';
import type { OutageRule } from './spend/outage-rule.ts';
import type { Spending } from './spend/spending.ts';
import type { Alerts } from './upstream/alerts.ts';
import type { AskUpstream } from './upstream/ask.ts';
import type { Forward } from './upstream/forward.ts';
import type { Upstream } from './upstream/upstream.ts';

/** What tells where a request came from. */
export type AddressedRequest = {
  readonly socket: Pick<Socket, 'remoteAddress'>;
  readonly rawHeaders: readonly string[];
};

/** What the gateway's operations stand on. */
export type GatewayDeps = {
  readonly database: Database;
  readonly policy: Policy;
  readonly recorder: Recorder;
  readonly spending: Spending;
  readonly rates: RateGate;
  readonly outage: OutageRule;
  readonly forward: Forward;
  /** In the order they are tried in. */
  readonly upstreams: readonly Upstream[];
  /** For everything but the hot path. */
  readonly ask: AskUpstream;
  readonly running: Running;
  readonly alerts: Alerts;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  readonly now: () => number;
  readonly newId: NewId;
  /** The address of whoever sent a request, proxies in between seen through; null when nobody knows. */
  readonly addressOf: (request: AddressedRequest) => string | null;
  readonly bodyBytesMax: number;
  /** How long a request may take at most until what it holds is taken for lost. */
  readonly requestMsMax: number;
  readonly batchBytesMax: number;
  readonly fileBytesMax: number;
  /** Where people reach this installation, without a slash at its end; undefined when nobody said so. */
  readonly publicUrl: string | undefined;
};
