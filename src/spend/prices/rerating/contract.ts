import { z } from 'zod';
import { endpoint } from '../../../platform/contract.ts';

const Amount = z.string();
const CalendarDate = z.iso.date();
const count = z.number().int();

const Difference = z.object({ before_amount: Amount, after_amount: Amount, difference: Amount });

/** A period of whole UTC days, and the version of the book to reckon it by: the one in force when left out. */
const wanted = {
  starting_date: CalendarDate,
  /** The day after the last. */
  ending_date: CalendarDate,
  price_book: z.string().optional(),
};

const rows = {
  /** Requests that were looked at, those whose cost changes, and those left as they are because nobody can say how it came about. */
  requests: count,
  requests_changed: count,
  requests_left: count,
};

export const ReratingPreview = z.object({
  type: z.literal('rerating_preview'),
  starting_date: CalendarDate,
  ending_date: CalendarDate,
  price_book: z.string(),
  currency: z.literal('USD'),
  ...Difference.shape,
  ...rows,
  by_day: z.array(Difference.extend({ date: CalendarDate })),
  by_model: z.array(Difference.extend({ model: z.string().nullable() })),
  /** The thousand members whose spend changes most. */
  by_member: z.array(Difference.extend({ user_id: z.string(), name: z.string(), email: z.string().nullable() })),
  /** How many members' spend changes. */
  members_changed: count,
});
export type ReratingPreview = z.output<typeof ReratingPreview>;

export const previewRerating = endpoint({
  method: 'POST',
  path: '/v1/organizations/reratings/preview',
  permission: 'billing:manage',
  summary: 'What a past period would cost by another version of the price book: the difference, before it is booked',
  records: [],
  body: z.strictObject(wanted),
  reply: ReratingPreview,
  errors: ['invalid_request', 'not_found'],
});

/** A past period that is charged anew. */
export const Rerating = z.object({
  type: z.literal('rerating'),
  id: z.string(),
  starting_date: CalendarDate,
  ending_date: CalendarDate,
  price_book: z.string(),
  state: z.enum(['running', 'ended']),
  currency: z.literal('USD'),
  ...Difference.shape,
  ...rows,
  started_at: z.string(),
  /** The member or admin key that booked it. */
  started_by: z.string().nullable(),
  ended_at: z.string().nullable(),
});
export type Rerating = z.output<typeof Rerating>;

export const createRerating = endpoint({
  method: 'POST',
  path: '/v1/organizations/reratings',
  permission: 'billing:manage',
  summary: 'Book a re-rating: every request of the period is charged anew, piece by piece, going on after a restart',
  records: ['remit_rerating_started'],
  body: z.strictObject(wanted),
  reply: Rerating,
  errors: ['invalid_request', 'not_found', 'conflict'],
});

export const listReratings = endpoint({
  method: 'GET',
  path: '/v1/organizations/reratings',
  permission: 'billing:view',
  summary: 'The hundred newest re-ratings, with what they came to',
  reply: z.object({ data: z.array(Rerating) }),
});

export const getRerating = endpoint({
  method: 'GET',
  path: '/v1/organizations/reratings/:rerating_id',
  permission: 'billing:view',
  summary: 'A re-rating and how far it is',
  reply: Rerating,
  errors: ['not_found'],
});
