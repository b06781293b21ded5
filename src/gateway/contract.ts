import { z } from 'zod';
import { EFFORTS } from '../kernel/index.ts';
import { endpoint, pageLimit } from '../platform/contract.ts';

export * from './mcp/contract.ts';

const Effort = z.enum(EFFORTS);
const tokens = z.number().int();

/**
 * How a request ended. `open`: still running. `failed`: the provider answered with an error or broke off, or the entry
 * of a batch expired. `client_left`: the client went away, or cancelled the batch. `revoked`: the key or member lost access
 * meanwhile. `interrupted`: Remit itself stopped; what was used is an estimate.
 */
export const Outcome = z.enum(['open', 'completed', 'refused', 'failed', 'client_left', 'revoked', 'interrupted']);
export type Outcome = z.output<typeof Outcome>;

/** One request and what was decided about it. */
export const Decision = z.object({
  id: z.string(),
  type: z.literal('decision'),
  created_at: z.string(),
  user: z.object({ id: z.string(), email: z.string(), name: z.string() }).nullable(),
  api_key: z.object({ id: z.string(), name: z.string() }).nullable(),
  rbac_group: z.object({ id: z.string(), name: z.string() }).nullable(),
  endpoint: z.enum(['messages', 'count_tokens', 'batch', 'batch_item', 'files']),
  client: z.string().nullable(),
  session_id: z.string().nullable(),
  agent_id: z.string().nullable(),
  /** The workspace it counts for; null for the default one. */
  workspace_id: z.string().nullable(),
  stream: z.boolean(),
  effect: z.enum(['allow', 'clamp', 'deny']),
  /** The reason that decided, from the closed vocabulary; null when nothing stood against the request. */
  reason: z.string().nullable(),
  model: z.object({ asked: z.string(), used: z.string().nullable() }),
  effort: z.object({ asked: z.string().nullable(), used: Effort.nullable(), cap: Effort.nullable() }),
  outcome: Outcome,
  status: z.number().int().nullable(),
  usage: z
    .object({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_creation: z.object({ ephemeral_5m_input_tokens: tokens, ephemeral_1h_input_tokens: tokens }),
      cache_read_input_tokens: tokens,
      server_tool_use: z.object({ web_search_requests: tokens, web_fetch_requests: tokens }),
    })
    .nullable(),
  /** `amount` is in cents as a decimal string, as in the cost reports. `priced` is false for a model without a price. */
  cost: z
    .object({ amount: z.string(), currency: z.literal('USD'), estimated: z.boolean(), priced: z.boolean() })
    .nullable(),
  latency: z.object({ first_byte_ms: z.number().nullable(), total_ms: z.number() }).nullable(),
});
export type Decision = z.output<typeof Decision>;

export const DecisionDetail = Decision.extend({
  policy_version: z.number(),
  upstream: z.string().nullable(),
  upstream_request_id: z.string().nullable(),
  findings: z.array(
    z.object({
      rule: z.string(),
      effect: z.enum(['allow', 'clamp', 'deny', 'observe']),
      reason: z.string(),
      explanation: z.string(),
      because: z.record(z.string(), z.unknown()),
    }),
  ),
});
export type DecisionDetail = z.output<typeof DecisionDetail>;

const filters = {
  effect: z.enum(['allow', 'clamp', 'deny']).optional(),
  model: z.string().optional(),
  session_id: z.string().optional(),
  starting_at: z.iso.datetime({ offset: true }).optional(),
  ending_at: z.iso.datetime({ offset: true }).optional(),
  limit: pageLimit,
  /** Continue after this id, towards older requests. */
  after_id: z.string().optional(),
  before_id: z.string().optional(),
};

const DecisionPage = z.object({
  data: z.array(Decision),
  has_more: z.boolean(),
  first_id: z.string().nullable(),
  last_id: z.string().nullable(),
});

export const listDecisions = endpoint({
  method: 'GET',
  path: '/v1/organizations/decisions',
  permission: 'analytics:view',
  summary: 'Requests and what was decided about them, newest first',
  query: z.object({
    user_id: z.string().optional(),
    api_key_id: z.string().optional(),
    rbac_group_id: z.string().optional(),
    ...filters,
  }),
  reply: DecisionPage,
});

export const getDecision = endpoint({
  method: 'GET',
  path: '/v1/organizations/decisions/:request_id',
  permission: 'analytics:view',
  summary: 'One request with its findings in words',
  reply: DecisionDetail,
  errors: ['not_found'],
});

export const listMyDecisions = endpoint({
  method: 'GET',
  path: '/v1/me/decisions',
  permission: 'self',
  summary: 'My requests, newest first',
  query: z.object(filters),
  reply: DecisionPage,
});

export const getMyDecision = endpoint({
  method: 'GET',
  path: '/v1/me/decisions/:request_id',
  permission: 'self',
  summary: 'One of my requests, explained',
  reply: DecisionDetail,
  errors: ['not_found'],
});

export const getStatus = endpoint({
  method: 'GET',
  path: '/v1/organizations/status',
  permission: 'public',
  summary: 'Where requests go, and (for administrators) what needs attention; any credential or session may ask',
  reply: z.object({
    type: z.literal('status'),
    version: z.string(),
    policy_version: z.number(),
    upstreams: z.array(z.object({ name: z.string(), url: z.string(), simulated: z.boolean() })),
    alerts: z.array(z.object({ code: z.string(), message: z.string(), since: z.string() })),
  }),
  errors: ['unauthenticated'],
});
