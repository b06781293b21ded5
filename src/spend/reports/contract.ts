import { z } from 'zod';
import { PERIODS } from '../../kernel/index.ts';
import { endpoint, pageLimit } from '../../platform/contract.ts';

/** Cents as a decimal string, as in the cost reports: "1234.5" is $12.345. */
const Amount = z.string();
const CalendarDate = z.iso.date();

/** Whole UTC days from `starting_date` until the day before `ending_date`: this month up to today when absent. At most 366. */
const range = { starting_date: CalendarDate.optional(), ending_date: CalendarDate.optional() };

/** Whose spend is asked for: at most one of them; without any, the whole organisation's. */
const subject = {
  user_id: z.string().optional(),
  rbac_group_id: z.string().optional(),
  api_key_id: z.string().optional(),
  workspace_id: z.string().optional(),
  model: z.string().optional(),
};

const shownRange = { starting_date: CalendarDate, ending_date: CalendarDate, currency: z.literal('USD') };

const SpendDay = z.object({ date: CalendarDate, amount: Amount });

/** What was spent in a range. Settled spend only; `open_amount` is what is held for requests that run now. */
export const Spend = z.object({
  type: z.literal('spend'),
  ...shownRange,
  amount: Amount,
  open_amount: Amount,
  /** The same number of days just before, for comparison. */
  previous_amount: Amount,
  /** Every day of the range up to today, those without spend too. */
  by_day: z.array(SpendDay),
});
export type Spend = z.output<typeof Spend>;

export const getSpend = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend',
  permission: 'billing:view',
  summary:
    'What was spent, in all and by day: by the organisation, or by one member, group, key, workspace or on one model',
  query: z.object({ ...range, ...subject }),
  reply: Spend,
  errors: ['invalid_request'],
});

export const SPEND_KINDS = ['member', 'group', 'model', 'workspace', 'api_key'] as const;
export type SpendKind = (typeof SPEND_KINDS)[number];

/** One of those the spend is divided between. Removed members, deleted groups and archived keys keep their lines. */
export const SpendLine = z.object({
  type: z.literal('spend_line'),
  /** A user, group, workspace or key id, or the canonical name of a model. */
  id: z.string(),
  /** What people call it; the id where it has no name any more. */
  name: z.string(),
  /** Of a member. */
  email: z.string().nullable(),
  amount: Amount,
  /** Its part of all that was spent in the range, 0 to 1. */
  share: z.number(),
  /** Of a group: what of `amount` its service keys spent. */
  service_amount: Amount.nullable(),
});
export type SpendLine = z.output<typeof SpendLine>;

const SpendPage = z.object({
  ...shownRange,
  by: z.enum(SPEND_KINDS),
  data: z.array(SpendLine),
  has_more: z.boolean(),
  next_page: z.string().nullable(),
  /** How many lines there are on all pages. */
  count: z.number().int(),
  /** All that was spent in the range, whoever spent it. */
  total_amount: Amount,
  /**
   * What belongs to no line: of members, what service keys spent; of models, what went to models nobody knows. Null by
   * group: whoever is in several groups is counted in each of them, and who is in none in none.
   */
  other_amount: Amount.nullable(),
});

export const listSpend = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend/lines',
  permission: 'billing:view',
  summary:
    'Who or what the spend of a range belongs to, the largest first. By group, each member counts in every group they are in now',
  query: z.object({
    by: z.enum(SPEND_KINDS).default('member'),
    ...range,
    /** By member: only those who are in this group now. */
    rbac_group_id: z.string().optional(),
    /** Only lines whose name, e-mail address or id holds this text, whatever its case. */
    search: z.string().max(200).optional(),
    limit: pageLimit,
    page: z.string().optional(),
  }),
  reply: SpendPage,
  errors: ['invalid_request'],
});

/** Where this month's spend is heading. */
export const SpendForecast = z.object({
  type: z.literal('spend_forecast'),
  /** The month, by its first day and the first day of the next one. */
  ...shownRange,
  /** Spent so far. */
  amount: Amount,
  /** What the month is expected to come to, and where four months in five would end; null while there is too little to go by. */
  forecast: z.object({ expected_amount: Amount, low_amount: Amount, high_amount: Amount }).nullable(),
  /** How the forecast was made, as a sentence for people. */
  method: z.string(),
  /** Every day of the month: what was spent, and for today and days to come what is expected. */
  by_day: z.array(z.object({ date: CalendarDate, amount: Amount.nullable(), expected_amount: Amount.nullable() })),
});
export type SpendForecast = z.output<typeof SpendForecast>;

export const getSpendForecast = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend/forecast',
  permission: 'billing:view',
  summary: 'What this month (UTC) is expected to come to, with a range, and how that is reckoned',
  query: z.object(subject),
  reply: SpendForecast,
  errors: ['invalid_request'],
});

/** Somebody whose spend comes near a limit, in the period that is running. */
export const NearLimit = z.object({
  type: z.literal('near_limit'),
  limit_id: z.string(),
  /** Where the limit was set: the type of its scope. */
  scope_type: z.string(),
  /** Whom it binds here. */
  subject: z.object({
    type: z.enum(['user', 'rbac_group', 'workspace', 'api_key', 'organization']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
  }),
  period: z.enum(PERIODS),
  limit_amount: Amount,
  /** What counts against the limit: spent and held for requests that run. */
  used_amount: Amount,
  /** Used of the limit in percent, rounded down; 100 when the limit is 0. */
  percent: z.number().int(),
  resets_at: z.string(),
});
export type NearLimit = z.output<typeof NearLimit>;

export const listNearLimits = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend/near_limits',
  permission: 'billing:view',
  summary: 'Who is near a limit or has reached one, the nearest first',
  query: z.object({
    /** From how much of the limit on, in percent. */
    percent: z.coerce.number().int().min(1).max(100).default(75),
    limit: pageLimit,
    page: z.string().optional(),
  }),
  reply: z.object({
    data: z.array(NearLimit),
    has_more: z.boolean(),
    next_page: z.string().nullable(),
    count: z.number().int(),
  }),
  errors: ['invalid_request'],
});

export const exportSpend = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend/export',
  permission: 'billing:view',
  summary: 'A report as a CSV file, every line of it; amounts in US dollars',
  records: ['platform_cost_report_viewed'],
  query: z.object({
    by: z.enum([...SPEND_KINDS, 'day', 'forecast', 'near_limits']).default('day'),
    ...range,
  }),
  produces: 'text/csv',
  reply: z.custom<AsyncIterable<string>>(),
  errors: ['invalid_request'],
});

export const getMySpend = endpoint({
  method: 'GET',
  path: '/v1/me/spend',
  permission: 'self',
  summary: 'What I spent, in all and by day',
  query: z.object(range),
  reply: Spend,
  errors: ['invalid_request'],
});
