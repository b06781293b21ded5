import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Limiter } from '../spend/index.ts';

/** The gateway's Prometheus metrics; labels are few and closed. */
export type GatewayMetrics = {
  /** A request was decided: `effect` is the decision's, or `unauthenticated` and `invalid` before there is one. */
  decided(endpoint: string, effect: string): void;
  /** A forwarded request ended. Seconds to the first byte are null when there was none. */
  ended(outcome: string, firstByteMs: number | null, totalMs: number): void;
  /** A request about batches or files was answered. */
  objectServed(kind: string, operation: string, status: number): void;
  /** A request, or a new batch, ran into a rate limit. */
  rateRefused(limiter: Limiter): void;
  usageLost(): void;
};

const SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** Counts by label, handed over when somebody asks for the metrics: a request pays for one addition. */
const createTally = () => {
  const counts = new Map<string, number>();
  return {
    add: (label: string): void => void counts.set(label, (counts.get(label) ?? 0) + 1),
    take: (each: (label: string, count: number) => void): void => {
      for (const [label, count] of counts) each(label, count);
      counts.clear();
    },
  };
};

type Tally = ReturnType<typeof createTally>;

/** How many durations wait at most. */
const WAITING_MAX = 1000;

/** A histogram of durations, which are handed over many at a time: its code and tables are cold between two requests. */
const createDurations = (registry: Registry, { name, help }: { readonly name: string; readonly help: string }) => {
  const waiting: number[] = [];
  const handOver = (): void => {
    for (const ms of waiting) unlabelled.observe(ms / 1000);
    waiting.length = 0;
  };
  const histogram = new Histogram({ name, help, buckets: SECONDS, registers: [registry], collect: handOver });
  // Once for all: the histogram's own `observe` makes one of these each time.
  const unlabelled = histogram.labels();
  return (ms: number): void => {
    if (waiting.push(ms) >= WAITING_MAX) handOver();
  };
};

export const createGatewayMetrics = (registry: Registry, runningRequests: () => number): GatewayMetrics => {
  const registers = [registry];
  const decided = new Map<string, Tally>();
  new Counter({
    name: 'remit_decisions_total',
    help: 'Requests decided, by endpoint and effect.',
    labelNames: ['endpoint', 'effect'],
    registers,
    collect() {
      for (const [endpoint, tally] of decided) tally.take((effect, count) => this.inc({ endpoint, effect }, count));
    },
  });
  const ended = createTally();
  new Counter({
    name: 'remit_requests_ended_total',
    help: 'Forwarded requests that ended, by outcome.',
    labelNames: ['outcome'],
    registers,
    collect() {
      ended.take((outcome, count) => this.inc({ outcome }, count));
    },
  });
  const firstByte = createDurations(registry, {
    name: 'remit_first_byte_seconds',
    help: 'Time from a request to the first byte of its answer, the provider included.',
  });
  const total = createDurations(registry, {
    name: 'remit_request_seconds',
    help: 'Time from a request to the end of its answer.',
  });
  const objects = new Counter({
    name: 'remit_object_requests_total',
    help: 'Requests about batches and files, by kind, operation and HTTP status.',
    labelNames: ['kind', 'operation', 'status'],
    registers,
  });
  const rateRefusals = createTally();
  new Counter({
    name: 'remit_rate_refusals_total',
    help: 'Requests and batches refused by a rate limit, by limiter.',
    labelNames: ['limiter'],
    registers,
    collect() {
      rateRefusals.take((limiter, count) => this.inc({ limiter }, count));
    },
  });
  const lost = new Counter({
    name: 'remit_usage_rows_lost_total',
    help: 'Usage rows given up because the store stayed away for too long.',
    registers,
  });
  new Gauge({
    name: 'remit_running_requests',
    help: 'Requests being served now.',
    registers,
    collect() {
      this.set(runningRequests());
    },
  });
  return {
    decided: (endpoint, effect) => {
      const tally = decided.get(endpoint) ?? createTally();
      decided.set(endpoint, tally);
      tally.add(effect);
    },
    ended: (outcome, firstByteMs, totalMs) => {
      ended.add(outcome);
      if (firstByteMs !== null) firstByte(firstByteMs);
      total(totalMs);
    },
    objectServed: (kind, operation, status) => objects.inc({ kind, operation, status }),
    rateRefused: rateRefusals.add,
    usageLost: () => lost.inc(),
  };
};
