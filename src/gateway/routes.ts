import { explain, type Finding } from '../access/index.ts';
import { type Names, notFound, readNames } from '../directory/index.ts';
import { type Actor, idPage, isEffort, mayUse, Refusal } from '../kernel/index.ts';
import { type Database, type Route, route } from '../platform/index.ts';
import * as contract from './contract.ts';
import type { GatewayDeps } from './deps.ts';
import { type RecordedRequest, type RequestFilter, requestStore } from './store.ts';
import type { UpstreamAddress } from './upstream/upstream.ts';

/** Binds the endpoints that show requests, and the state of this installation. */
export const gatewayRoutes = (
  deps: Pick<GatewayDeps, 'database' | 'policy' | 'alerts'>,
  about: { readonly version: string; readonly upstreams: readonly UpstreamAddress[] },
): readonly Route[] => [...decisionRoutes(deps.database), statusRoute(deps, about)];

const decisionRoutes = (database: Database): readonly Route[] => {
  const store = requestStore(database);
  const list = async (filter: RequestFilter) => {
    const rows = await store.list(filter);
    const names = await namesFor(database, rows);
    return idPage(
      rows.map((row) => toDecision(row, names)),
      filter.limit,
      filter.beforeId === undefined ? 'forward' : 'backward',
    ) as never;
  };
  const show = async (id: string, audience: 'administrator' | 'member', userId?: string) => {
    const row = await store.find(id);
    if (row === undefined || (userId !== undefined && row.user_id !== userId)) throw notFound('request', id);
    return toDetail(row, await namesFor(database, [row]), audience);
  };
  return [
    route(contract.listDecisions, ({ query }) =>
      list({ ...filterOf(query), userId: query.user_id, apiKeyId: query.api_key_id, groupId: query.rbac_group_id }),
    ),
    route(contract.getDecision, ({ params }) => show(params.request_id, 'administrator')),
    route(contract.listMyDecisions, ({ query, actor }) => list({ ...filterOf(query), userId: memberIdOf(actor) })),
    route(contract.getMyDecision, ({ params, actor }) => show(params.request_id, 'member', memberIdOf(actor))),
  ];
};

const statusRoute = (
  { policy, alerts }: Pick<GatewayDeps, 'policy' | 'alerts'>,
  about: { readonly version: string; readonly upstreams: readonly UpstreamAddress[] },
): Route =>
  route(contract.getStatus, async ({ actor }) => {
    if (actor.kind === 'anonymous') throw new Refusal('unauthenticated', 'Sign in, or send an API key.');
    const isAdministrator = mayUse(actor, 'identity:view') || mayUse(actor, 'analytics:view');
    return {
      type: 'status' as const,
      version: about.version,
      policy_version: policy.current().version,
      upstreams: about.upstreams.map(({ name, url, simulated }) => ({ name, url, simulated })),
      alerts: isAdministrator
        ? alerts.list().map(({ code, message, since }) => ({ code, message, since: new Date(since).toISOString() }))
        : [],
    };
  });

const memberIdOf = (actor: Actor): string => {
  if (actor.kind !== 'member') throw new Refusal('permission_denied', 'This answers about a member.');
  return actor.userId;
};

type Query = {
  readonly effect?: RequestFilter['effect'];
  readonly model?: string | undefined;
  readonly session_id?: string | undefined;
  readonly starting_at?: string | undefined;
  readonly ending_at?: string | undefined;
  readonly limit: number;
  readonly after_id?: string | undefined;
  readonly before_id?: string | undefined;
};

const filterOf = (query: Query): RequestFilter => ({
  effect: query.effect,
  model: query.model,
  sessionId: query.session_id,
  startingAt: query.starting_at === undefined ? undefined : Date.parse(query.starting_at),
  endingAt: query.ending_at === undefined ? undefined : Date.parse(query.ending_at),
  limit: query.limit,
  afterId: query.after_id,
  beforeId: query.before_id,
});

const namesFor = (database: Database, rows: readonly RecordedRequest[]): Promise<Names> => {
  const distinct = (ids: readonly (string | null)[]) => [...new Set(ids.filter((id) => id !== null))];
  return readNames(database, {
    members: distinct(rows.map(({ user_id }) => user_id)),
    groups: distinct(rows.map(({ group_id }) => group_id)),
    apiKeys: distinct(rows.map(({ api_key_id }) => api_key_id)),
  });
};

const outcomeOf = (row: RecordedRequest): contract.Outcome =>
  row.effect === 'deny' ? 'refused' : (row.outcome ?? 'open');

const named = <T>(id: string | null, names: ReadonlyMap<string, T>, unnamed: (id: string) => T): T | null =>
  id === null ? null : (names.get(id) ?? unnamed(id));

const toDecision = (row: RecordedRequest, names: Names): contract.Decision => ({
  id: row.id,
  type: 'decision',
  created_at: new Date(row.started_at).toISOString(),
  user: named(row.user_id, names.members, (id) => ({ id, email: '', name: '' })),
  api_key: named(row.api_key_id, names.apiKeys, (id) => ({ id, name: '' })),
  rbac_group: named(row.group_id, names.groups, (id) => ({ id, name: '' })),
  endpoint: row.endpoint,
  client: row.client,
  session_id: row.session_id,
  agent_id: row.agent_id,
  workspace_id: row.workspace_id,
  stream: row.stream === 1,
  effect: row.effect,
  reason: row.reason,
  model: { asked: row.model_asked, used: row.model_used },
  effort: { asked: row.effort_asked, used: effortOf(row.effort_used), cap: effortOf(row.effort_cap) },
  outcome: outcomeOf(row),
  status: row.status,
  ...usageOf(row),
});

const effortOf = (text: string | null) => (isEffort(text) ? text : null);

const MICROS_PER_CENT = 10_000;

/** Cents as a decimal string with as many digits as it takes: 12345 micro-dollars are "1.2345". */
const toCents = (micros: number): string => String(micros / MICROS_PER_CENT);

/** Milliseconds to the microsecond: what a clock says beyond that is noise. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

const usageOf = (row: RecordedRequest): Pick<contract.Decision, 'usage' | 'cost' | 'latency'> => {
  if (row.request_id === null) return { usage: null, cost: null, latency: null };
  return {
    usage: {
      input_tokens: row.input_tokens ?? 0,
      output_tokens: row.output_tokens ?? 0,
      cache_creation: {
        ephemeral_5m_input_tokens: row.cache_write_5m_tokens ?? 0,
        ephemeral_1h_input_tokens: row.cache_write_1h_tokens ?? 0,
      },
      cache_read_input_tokens: row.cache_read_tokens ?? 0,
      server_tool_use: { web_search_requests: row.web_searches ?? 0, web_fetch_requests: row.web_fetches ?? 0 },
    },
    cost: {
      amount: toCents(row.cost_micros ?? 0),
      currency: 'USD',
      estimated: row.estimated === 1,
      priced: row.priced === 1,
    },
    latency: {
      first_byte_ms: row.first_byte_ms === null ? null : toMicroseconds(row.first_byte_ms),
      total_ms: toMicroseconds(row.total_ms ?? 0),
    },
  };
};

const toDetail = (
  row: RecordedRequest,
  names: Names,
  audience: 'administrator' | 'member',
): contract.DecisionDetail => ({
  ...toDecision(row, names),
  policy_version: row.policy_version,
  upstream: row.upstream,
  upstream_request_id: row.upstream_request_id,
  findings: (JSON.parse(row.findings) as readonly Finding[]).map((finding) => ({
    rule: finding.rule,
    effect: finding.effect,
    reason: finding.reason,
    explanation: explain(finding, audience),
    because: { ...finding.because },
  })),
});
