import { z } from 'zod';
import { endpoint, listOf, pageLimit } from '../../platform/contract.ts';
import {
  Amount,
  Currency,
  SpendActor,
  SpendLimit,
  SpendPeriod,
  SpendScope,
  SpendSummary,
} from '../limits/objects/contract.ts';

const RequestStatus = z.enum(['pending', 'approved', 'denied']);

/** A member's question for more (organisation APIs §1.8). It names no amount: whoever approves it does. */
export const IncreaseRequest = z.object({
  id: z.string(),
  type: z.literal('spend_limit_increase_request'),
  actor: SpendActor,
  /** The period whose limit is asked about. */
  period: SpendPeriod,
  status: RequestStatus,
  created_at: z.string(),
  resolved_at: z.string().nullable(),
  resolved_by: SpendActor.nullable(),
  /** How the member stands now, while the request is pending. */
  spend_summary: SpendSummary.nullable(),
});
export type IncreaseRequest = z.output<typeof IncreaseRequest>;

const path = '/v1/organizations/spend_limit_increase_requests';

export const listIncreaseRequests = endpoint({
  method: 'GET',
  path,
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary: 'List what members ask for, newest first; requests of people who are no longer members are left out',
  query: z.object({
    status: listOf(RequestStatus),
    actor_ids: listOf(z.string()),
    limit: pageLimit,
    page: z.string().optional(),
  }),
  reply: z.object({ data: z.array(IncreaseRequest), has_more: z.boolean(), next_page: z.string().nullable() }),
  errors: ['invalid_request'],
});

export const getIncreaseRequest = endpoint({
  method: 'GET',
  path: `${path}/:request_id`,
  permission: 'billing:view',
  scope: 'read:spend_limits',
  summary: 'Show what a member asks for',
  reply: IncreaseRequest,
  errors: ['not_found'],
});

const suppress = { suppress_notification: z.boolean().nullish() };

export const approveIncreaseRequest = endpoint({
  method: 'POST',
  path: `${path}/:request_id/approve`,
  permission: 'billing:manage',
  scope: 'write:spend_limits',
  summary: "Approve a request: the amount becomes the member's own limit and holds from their next request on",
  records: [
    'extra_usage_spend_limit_increase_request_approved',
    'extra_usage_spend_limit_created',
    'extra_usage_spend_limit_updated',
  ],
  body: z.strictObject({
    amount: Amount,
    /** The period the member asked about when absent. */
    period: SpendPeriod.nullish(),
    ...suppress,
  }),
  reply: IncreaseRequest.extend({ spend_limit: SpendLimit.nullable() }),
  errors: ['not_found', 'invalid_request'],
});

export const denyIncreaseRequest = endpoint({
  method: 'POST',
  path: `${path}/:request_id/deny`,
  permission: 'billing:manage',
  scope: 'write:spend_limits',
  summary: 'Deny a request; the member cannot ask again for thirty days. Denying it again changes nothing',
  records: ['extra_usage_spend_limit_increase_request_denied'],
  body: z.strictObject(suppress),
  reply: IncreaseRequest,
  errors: ['not_found', 'invalid_request'],
});

/** One limit as it binds a member. Of limits shared with others it says only whether they are reached. */
const OwnLimit = z.object({
  spend_limit_id: z.string(),
  /** `own`: what this member may spend; the others they share. */
  kind: z.enum(['own', 'group_pool', 'organization', 'prepaid']),
  /** Where the limit comes from. */
  source: z.union([SpendScope, z.object({ type: z.literal('prepaid') })]),
  /** The group's name, for what comes from a group. */
  group_name: z.string().nullable(),
  /** null for what is prepaid. */
  period: SpendPeriod.nullable(),
  /** `near` from 75 % on. */
  state: z.enum(['open', 'near', 'reached']),
  resets_at: z.string().nullable(),
  /** Amounts of the member's own limit; null for shared ones, whose figures are other people's too. An amount of null is unlimited. */
  amount: z.string().nullable(),
  used: z.string().nullable(),
  remaining: z.string().nullable(),
});

/** What a member sees of their own spend and limits. */
export const MySpendLimits = z.object({
  type: z.literal('my_spend_limits'),
  currency: Currency,
  /** What was spent in each period that runs, whether it is limited or not. */
  spent: z.array(z.object({ period: SpendPeriod, amount: z.string(), resets_at: z.string() })),
  limits: z.array(OwnLimit),
  /** What the seat includes, spent first; null for none. */
  included: z
    .object({
      seat_tier: z.string(),
      period: SpendPeriod,
      amount: z.string(),
      used: z.string(),
      remaining: z.string(),
      resets_at: z.string(),
    })
    .nullable(),
  /** Periods for which the member may ask for more now. */
  may_ask_for: z.array(SpendPeriod),
  /** Why not for the others; null when there is nothing to say. */
  may_not_ask_because: z.enum(['switched_off', 'no_limit', 'pending', 'denied_recently']).nullable(),
  ask_for_more: z.object({ url: z.string().nullable(), sentence: z.string().nullable() }),
  /** The member's newest requests, newest first. */
  requests: z.array(
    z.object({
      id: z.string(),
      period: SpendPeriod,
      status: RequestStatus,
      created_at: z.string(),
      resolved_at: z.string().nullable(),
    }),
  ),
});
export type MySpendLimits = z.output<typeof MySpendLimits>;

export const getMySpendLimits = endpoint({
  method: 'GET',
  path: '/v1/me/spend_limits',
  permission: 'self',
  summary: 'What I have used, what is left, when it starts again, and whether I may ask for more',
  reply: MySpendLimits,
});

export const askForIncrease = endpoint({
  method: 'POST',
  path: '/v1/me/spend_limits/increase_requests',
  permission: 'self',
  summary: 'Ask for a higher limit',
  records: ['remit_spend_limit_increase_requested'],
  body: z.strictObject({
    /** The period of the limit in the way; absent, that of the limit reached, else the longest. */
    period: SpendPeriod.optional(),
  }),
  reply: MySpendLimits,
  errors: ['invalid_request', 'conflict'],
});
