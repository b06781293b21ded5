import { z } from 'zod';
import { EFFORTS, PERIODS } from '../../kernel/index.ts';
import { NONE, UNLIMITED } from './rules/declared-limits.ts';
import { RATE_LIMITERS, RATE_TIERS } from './rules/declared-money.ts';

const Effort = z.enum(EFFORTS);
const Mode = z
  .enum(['standard', 'strict'])
  .describe('standard lets the request complete that crosses it; strict never spends beyond it');
const Seat = z.string().trim().min(1).max(64);

/** on or off, however the reader of YAML takes those words. */
const IsOn = z.union([z.enum(['on', 'off']), z.boolean()]).transform((word) => word === true || word === 'on');

const DOLLARS_MAX = 999_999_999;
const Dollars = z.number().min(0).max(DOLLARS_MAX);
const Amount = z.union([Dollars, z.literal(UNLIMITED)]);

const percent = z.int().min(1).max(99);
const LimitStep = z.discriminatedUnion('action', [
  z.strictObject({ at_percent: percent, action: z.literal('notify') }),
  z.strictObject({ at_percent: percent, action: z.literal('lower_effort'), effort: Effort }),
  z.strictObject({
    at_percent: percent,
    action: z.literal('restrict_models'),
    families: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(20)
      .describe('Families of models that may still be used, such as haiku'),
  }),
]);

/** A spend limit: an amount, or everything about it. */
export const Limit = z
  .union([
    Amount,
    z.literal(NONE),
    z.strictObject({
      amount: Amount,
      mode: Mode.optional(),
      enabled: IsOn.optional().describe('off keeps the limit and lets it count as if it were not there'),
      ladder: z.array(LimitStep).max(10).optional().describe('All steps before the limit'),
    }),
  ])
  .describe(`Dollars, "${UNLIMITED}", or "${NONE}" to take it away; with a mode or steps, an object`);

/** Spend limits by their periods. */
export const Limits = z
  .partialRecord(z.enum(PERIODS), Limit)
  .describe('By period; those without a line stay as they are');

/** The limits of the organisation. */
export const OrganisationLimits = z
  .strictObject({
    total: Limits.optional().describe('What everybody may spend together'),
    each_member: Limits.optional().describe('What each member may spend who has no nearer limit'),
    each_session: Limit.optional().describe('What one session of a client may spend'),
    seat_tiers: z.record(Seat, Limits).optional().describe('What each member with a seat may spend, by its name'),
  })
  .describe('Spend limits of the organisation');

/** The limits of a group. */
export const GroupLimits = z
  .strictObject({
    each_member: Limits.optional().describe('What each member of the group may spend'),
    together: Limits.optional().describe("What the group's members and service keys may spend together"),
  })
  .describe('Spend limits of the group');

const SENTENCE_MAX = 500;
const URL_MAX = 2000;

/** How limits work. */
export const Spend = z
  .strictObject({
    multi_group_limit: z.enum(['higher', 'lower']).optional().describe("Which of several groups' limits a member has"),
    increase_requests: IsOn.optional().describe('Whether members may ask for more'),
    thresholds: z
      .array(z.int().min(1).max(100))
      .max(20)
      .optional()
      .describe('All percentages of a limit at which people are told'),
    store_outage: z
      .strictObject({
        mode: z.enum(['closed', 'open']).optional().describe('closed refuses, open lets requests pass for the grace'),
        grace_seconds: z.int().min(0).max(86_400).optional(),
      })
      .optional()
      .describe('What happens to requests while the store cannot be reached'),
    ask_for_more: z
      .strictObject({
        url: z.union([z.url({ protocol: /^https?$/ }).max(URL_MAX), z.literal(NONE)]).optional(),
        sentence: z.string().max(SENTENCE_MAX).optional(),
      })
      .optional()
      .describe(`Where members who need more are sent, and in which words; "${NONE}" takes either away`),
  })
  .describe('How limits work; what has no line stays as it is');

/** What seats include, by the names of their tiers. */
export const Included = z
  .record(
    Seat,
    z.union([Dollars, z.literal(NONE), z.strictObject({ amount: Dollars, period: z.enum(PERIODS).optional() })]),
  )
  .describe(`What the seats of a tier include, spent first: dollars a month, or with another period, or "${NONE}"`);

/** The prepaid balance. Credit itself is bought, not declared (docs/adr/0022). */
export const Prepaid = z
  .strictObject({
    enabled: IsOn.optional().describe('Whether spend counts against the balance'),
    mode: Mode.optional(),
    auto_reload: z
      .strictObject({
        enabled: IsOn.optional(),
        below: Dollars.optional().describe('Below this balance credit is bought'),
        amount: Dollars.optional().describe('How much at a time'),
        monthly_maximum: Amount.optional().describe('The most that is bought by itself in a month'),
      })
      .optional(),
  })
  .describe('The prepaid balance; what has no line stays as it is');

const RATE_MAX = 1_000_000_000_000;
const Rate = z.union([z.int().min(0).max(RATE_MAX), z.literal(NONE)]);

/** Rate limits, by what they are on. */
export const Rates = z
  .record(z.string().min(1).max(255), z.partialRecord(z.enum(RATE_LIMITERS), Rate))
  .describe(
    `By the id of a group of models or part of the API (rlg_…, as “remit rates” lists them; rlg_all_models is all models together), then by limiter; "${NONE}" takes one away. Those without a line stay as they are`,
  );

/** The rates of the organisation. */
export const OrganisationRates = z
  .strictObject({
    tier: z.enum(RATE_TIERS).optional().describe('unlimited: only the provider limits the organisation'),
    custom: Rates.optional().describe(`Numbers of the tier custom; "${NONE}" goes back to those of scale`),
  })
  .describe('How fast the organisation as a whole may go');

/** A workspace or a key: what it may spend, and how fast. */
export const Limited = z.strictObject({
  limits: Limits.optional().describe('What it may spend'),
  rates: Rates.optional().describe('How fast it may go, below what holds for the organisation'),
});
