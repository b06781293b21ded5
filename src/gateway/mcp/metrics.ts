import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { McpOutcome } from './tables.ts';

/** The metrics of the MCP gateway; labels are few and closed. */
export type McpMetrics = {
  /** A request was answered. Methods of MCP that are not named in {@link METHODS} count as `other`. */
  answered(method: string | null, status: number): void;
  /** A call was decided: `always`, `ask` or `deny`; `none` for what no level is set on. */
  decided(effect: string): void;
  /** A call that was passed on has ended. */
  ended(outcome: McpOutcome, totalMs: number): void;
};

/** Methods with a label of their own: the rest is whatever a client may say. */
const METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/read',
  'subscriptions/listen',
  'GET',
  'DELETE',
]);

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export const createMcpMetrics = (registry: Registry, sessions: () => number): McpMetrics => {
  const registers = [registry];
  const requests = new Counter({
    name: 'remit_mcp_requests_total',
    help: 'Requests to MCP servers, by method and HTTP status.',
    labelNames: ['method', 'status'],
    registers,
  });
  const decisions = new Counter({
    name: 'remit_mcp_decisions_total',
    help: 'Calls of MCP servers decided, by effect.',
    labelNames: ['effect'],
    registers,
  });
  const endings = new Counter({
    name: 'remit_mcp_calls_ended_total',
    help: 'Calls of MCP servers that ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'remit_mcp_call_seconds',
    help: 'Time from a call of an MCP server to the end of its answer.',
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'remit_mcp_sessions',
    help: 'MCP sessions this node has served and not seen the end of.',
    registers,
    collect() {
      this.set(sessions());
    },
  });
  return {
    answered: (method, status) =>
      requests.labels(method !== null && METHODS.has(method) ? method : 'other', String(status)).inc(),
    decided: (effect) => decisions.labels(effect).inc(),
    ended: (outcome, totalMs) => {
      endings.labels(outcome).inc();
      seconds.observe(totalMs / 1000);
    },
  };
};
