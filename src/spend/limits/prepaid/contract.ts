import { z } from 'zod';
import { endpoint, pageLimit } from '../../../platform/contract.ts';
import { Amount, Currency, SpendMode } from '../objects/contract.ts';

const AutoReload = z.strictObject({
  is_enabled: z.boolean(),
  /** Below this balance credit is bought. */
  threshold: Amount,
  /** How much is bought at a time. */
  amount: Amount,
  /** The most that is bought by itself in a month; null for no maximum. */
  monthly_maximum: Amount.nullable(),
});

/** The balance that was paid for. While it is in force, nothing is spent when it is empty. */
export const PrepaidBalance = z.object({
  type: z.literal('prepaid_balance'),
  currency: Currency,
  /** Whether spend counts against the balance. */
  is_enabled: z.boolean(),
  mode: SpendMode,
  /** What all orders add up to. */
  funded: z.string(),
  spent: z.string(),
  /** Held for requests that run. */
  held: z.string(),
  /** Funded less spent and held; below nothing when a request that completed crossed it. */
  balance: z.string(),
  auto_reload: AutoReload,
  /** What was bought by itself in the month that runs. */
  reloaded_this_month: z.string(),
});
export type PrepaidBalance = z.output<typeof PrepaidBalance>;

/** An order of credit: bought, bought by itself, or set right by hand. */
export const PrepaidOrder = z.object({
  id: z.string(),
  type: z.literal('prepaid_order'),
  kind: z.enum(['purchase', 'auto_reload', 'adjustment']),
  /** Below nothing for an adjustment that takes credit away. */
  amount: z.string(),
  currency: Currency,
  created_at: z.string(),
  /** The member or the key that made it; null for Remit itself. */
  created_by: z.string().nullable(),
  note: z.string().nullable(),
});
export type PrepaidOrder = z.output<typeof PrepaidOrder>;

export const getPrepaidBalance = endpoint({
  method: 'GET',
  path: '/v1/organizations/prepaid',
  permission: 'billing:view',
  summary: 'The prepaid balance, and when more is bought',
  reply: PrepaidBalance,
});

export const updatePrepaidSettings = endpoint({
  method: 'POST',
  path: '/v1/organizations/prepaid',
  permission: 'billing:manage',
  summary: 'Say whether spend counts against the prepaid balance, and when more is bought; what is left out stays',
  records: [
    'claude_organization_settings_updated',
    'prepaid_extra_usage_auto_reload_enabled',
    'prepaid_extra_usage_auto_reload_disabled',
    'prepaid_extra_usage_auto_reload_settings_updated',
  ],
  body: z.strictObject({
    is_enabled: z.boolean().optional(),
    mode: SpendMode.optional(),
    auto_reload: AutoReload.optional(),
  }),
  reply: PrepaidBalance,
  errors: ['invalid_request'],
});

export const listPrepaidOrders = endpoint({
  method: 'GET',
  path: '/v1/organizations/prepaid/orders',
  permission: 'billing:view',
  summary: 'List orders of credit, newest first',
  query: z.object({ limit: pageLimit, page: z.string().optional() }),
  reply: z.object({ data: z.array(PrepaidOrder), has_more: z.boolean(), next_page: z.string().nullable() }),
});

const SIGNED = /^-?\d{1,11}(?:\.\d{1,3})?$/;

export const createPrepaidOrder = endpoint({
  method: 'POST',
  path: '/v1/organizations/prepaid/orders',
  permission: 'billing:manage',
  summary: 'Record credit that was bought, or set the balance right; it can be spent from the next request on',
  records: ['remit_prepaid_order_created'],
  body: z.strictObject({
    kind: z.enum(['purchase', 'adjustment']).default('purchase'),
    /** An adjustment may be below nothing. */
    amount: z.string().regex(SIGNED, 'an amount is a decimal string of cents, such as "50000" for $500.00'),
    note: z.string().trim().min(1).max(500).nullish(),
  }),
  reply: PrepaidOrder,
  errors: ['invalid_request'],
});
