import { z } from 'zod';
import { endpoint } from '../../platform/contract.ts';

const CalendarDay = z.iso.date();

const Drift = z.object({
  /** What is counted: `organization`, `user:…`, `key:…`, `pool:…`. */
  account: z.string(),
  /** The day (UTC); null for an account that knows no days. */
  date: CalendarDay.nullable(),
  /** What the rows say less what the counter says, in cents. */
  open: z.string(),
  settled: z.string(),
});

const Verification = z.object({
  type: z.literal('ledger_verification'),
  starting_on: CalendarDay,
  ending_before: CalendarDay,
  requests: z.number().int(),
  counters: z.number().int(),
  /** Held for requests that are running, in cents. */
  open: z.string(),
  adds_up: z.boolean(),
  /** Accounts whose sums of whole months, which reports read, are not those of their days. Reports read days after a rebuild. */
  month_drifts: z.number().int(),
  /** Counters that are not the sum of their rows; at most a thousand are named. */
  drifts: z.array(Drift),
});

/** Without dates the last 62 days are counted; with `all`, everything there is. */
const days = {
  starting_on: CalendarDay.optional(),
  ending_before: CalendarDay.optional(),
  all: z.stringbool().optional(),
};

export const verifySpendLedger = endpoint({
  method: 'GET',
  path: '/v1/organizations/spend_ledger/verification',
  permission: 'billing:view',
  summary: 'Count what was spent again from the rows, and compare the counters with it',
  query: z.object(days),
  reply: Verification,
  errors: ['invalid_request'],
});

export const rebuildSpendLedger = endpoint({
  method: 'POST',
  path: '/v1/organizations/spend_ledger/rebuild',
  permission: 'billing:manage',
  summary: 'Count what was spent again from the rows, and put counters right that differ; answers what was found',
  body: z.strictObject({
    starting_on: CalendarDay.optional(),
    ending_before: CalendarDay.optional(),
    all: z.boolean().optional(),
  }),
  reply: Verification,
  errors: ['invalid_request'],
  records: ['remit_spend_ledger_rebuilt'],
});
