import { z } from 'zod';
import { CENTS, PERIODS } from '../../../kernel/index.ts';
import { LadderStep } from '../steps/contract.ts';

export { Ladder, LadderStep } from '../steps/contract.ts';

/** An amount as the Spend Limits API writes it: cents as a decimal string with three decimals at most, `"50000"` is $500.00. */
export const Amount = z.string().regex(CENTS, 'an amount is a decimal string of cents, such as "50000" for $500.00');
export const Currency = z.literal('USD');
export const SpendPeriod = z.enum(PERIODS);

const text = z.string().min(1).max(255);

/** A type of seat, as a member's `seat_tier` and the mappings of an identity provider name it. */
export const SeatTier = z.string().trim().min(1).max(64);

/**
 * Whose limit it is. `organization` is what each member may spend who has no nearer limit; `organization_total`, a group's
 * pool, keys and sessions are Remit's own, beside the scopes of the Spend Limits API (organisation APIs §1.8).
 */
export const SpendScope = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('organization') }),
  z.strictObject({ type: z.literal('seat_tier'), seat_tier: SeatTier }),
  z.strictObject({ type: z.literal('rbac_group'), rbac_group_id: text }),
  z.strictObject({ type: z.literal('user'), user_id: text }),
  z.strictObject({ type: z.literal('workspace'), workspace_id: text }),
  z.strictObject({ type: z.literal('organization_total') }),
  z.strictObject({ type: z.literal('rbac_group_pool'), rbac_group_id: text }),
  z.strictObject({ type: z.literal('api_key'), api_key_id: text }),
  z.strictObject({ type: z.literal('session') }),
]);
export type SpendScope = z.output<typeof SpendScope>;

/** The types of scope from the whole organisation to a single session, as people think of them. */
export const SCOPES_BY_REACH: readonly SpendScope['type'][] = [
  'organization_total',
  'organization',
  'seat_tier',
  'rbac_group',
  'rbac_group_pool',
  'user',
  'workspace',
  'api_key',
  'session',
];

/** The field by which a scope names what it is for; null for those of which there is one. */
const NAMED_BY = {
  organization: null,
  organization_total: null,
  session: null,
  seat_tier: 'seat_tier',
  rbac_group: 'rbac_group_id',
  rbac_group_pool: 'rbac_group_id',
  user: 'user_id',
  workspace: 'workspace_id',
  api_key: 'api_key_id',
} as const satisfies Readonly<Record<SpendScope['type'], string | null>>;

/** The scope of a type that names `target`; of those of which there is one, the target is not looked at. */
export const spendScope = <Type extends SpendScope['type']>(
  type: Type,
  target: string,
): Extract<SpendScope, { readonly type: Type }> => {
  const name = NAMED_BY[type];
  return (name === null ? { type } : { type, [name]: target }) as unknown as Extract<
    SpendScope,
    { readonly type: Type }
  >;
};

/** The id, or the type of seat, that a scope names; empty for those of which there is one. */
export const targetOfScope = ({ type, ...named }: SpendScope): string => {
  const name = NAMED_BY[type];
  return name === null ? '' : String((named as Readonly<Record<string, unknown>>)[name]);
};

/** `standard` lets the request complete that crosses the limit; `strict` never spends beyond it. */
export const SpendMode = z.enum(['standard', 'strict']);

/** A limit that is set for a scope, in a period. */
export const SpendLimit = z.object({
  id: z.string(),
  type: z.literal('spend_limit'),
  scope: SpendScope,
  /** null is unlimited, "0" leaves what a seat includes. */
  amount: z.string().nullable(),
  currency: Currency,
  /** null for what one session may spend. */
  period: SpendPeriod.nullable(),
  /** A limit that is switched off keeps its amount and counts as if it were not there. */
  is_enabled: z.boolean(),
  mode: SpendMode,
  ladder: z.array(LadderStep),
  created_at: z.string(),
  updated_at: z.string(),
});
export type SpendLimit = z.output<typeof SpendLimit>;

/** A person, or the admin key that acted. `deleted` people keep their names. */
export const SpendActor = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('user_actor'),
    user_id: z.string(),
    name: z.string().nullable(),
    email_address: z.string().nullable(),
    deleted: z.boolean(),
  }),
  z.object({ type: z.literal('scoped_api_key_actor'), scoped_api_key_id: z.string() }),
]);
export type SpendActor = z.output<typeof SpendActor>;

/** What a member may spend in a period, where that comes from, and what they have spent of it. */
export const SpendSummary = z.object({
  actor: SpendActor,
  amount: z.string().nullable(),
  currency: Currency,
  period: SpendPeriod,
  /** Up to three decimals of a cent. */
  period_to_date_spend: z.string(),
  scope: SpendScope,
  /** The scope the limit is inherited from: the member's own, a group, their seat tier or the organisation's default. */
  source: SpendScope,
  spend_limit_id: z.string(),
});
export type SpendSummary = z.output<typeof SpendSummary>;
