import { z } from 'zod';
import { endpoint, pageLimit } from '../../platform/contract.ts';

/** What channels and administrators are told of. */
export const NOTICE_EVENTS = [
  'threshold_crossed',
  'limit_reached',
  'increase_requested',
  'order_placed',
  'balance_low',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

const events = z.array(z.enum(NOTICE_EVENTS)).min(1).max(NOTICE_EVENTS.length);
const deliveryState = z.enum(['due', 'delivered', 'failed']);

/** Where notices are posted to. */
export const NoticeChannel = z.object({
  id: z.string(),
  type: z.literal('notice_channel'),
  kind: z.enum(['webhook', 'slack']),
  name: z.string(),
  /** The host that is posted to; the rest of the address is kept as a secret. */
  host: z.string(),
  is_enabled: z.boolean(),
  events: z.array(z.enum(NOTICE_EVENTS)),
  /** Whether it also hears of single members' limits. */
  about_members: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type NoticeChannel = z.output<typeof NoticeChannel>;

/** A channel with what its posts are signed with, which is shown this once; null for Slack and where it is unchanged. */
export const NoticeChannelWithSecret = NoticeChannel.extend({ secret: z.string().nullable() });

const path = '/v1/organizations/notice_channels';
const name = z.string().trim().min(1).max(100);
const url = z.url().max(2000);

export const listNoticeChannels = endpoint({
  method: 'GET',
  path,
  permission: 'billing:view',
  summary: 'List the webhooks and Slack channels that notices are posted to, the oldest first',
  reply: z.object({ data: z.array(NoticeChannel) }),
});

export const createNoticeChannel = endpoint({
  method: 'POST',
  path,
  permission: 'billing:manage',
  summary: 'Add a webhook or a Slack channel; the secret in the reply signs its posts and is shown this once',
  records: ['remit_notice_channel_created'],
  body: z.strictObject({
    kind: z.enum(['webhook', 'slack']),
    name,
    url,
    events: events.optional(),
    about_members: z.boolean().optional(),
  }),
  reply: NoticeChannelWithSecret,
  errors: ['invalid_request'],
});

export const updateNoticeChannel = endpoint({
  method: 'POST',
  path: `${path}/:channel_id`,
  permission: 'billing:manage',
  summary: 'Change a channel, or give it a new secret',
  records: ['remit_notice_channel_updated'],
  body: z.strictObject({
    name: name.optional(),
    url: url.optional(),
    events: events.optional(),
    about_members: z.boolean().optional(),
    is_enabled: z.boolean().optional(),
    rotate_secret: z.boolean().optional(),
  }),
  reply: NoticeChannelWithSecret,
  errors: ['not_found', 'invalid_request'],
});

export const deleteNoticeChannel = endpoint({
  method: 'DELETE',
  path: `${path}/:channel_id`,
  permission: 'billing:manage',
  summary: 'Remove a channel; what still waits for it is given up',
  records: ['remit_notice_channel_deleted'],
  reply: z.object({ id: z.string(), type: z.literal('notice_channel_deleted') }),
  errors: ['not_found'],
});

/** What a test message came to, in a sentence. */
const NoticeTest = z.object({
  type: z.literal('notice_test'),
  is_delivered: z.boolean(),
  answer: z.string(),
});

export const testNoticeChannel = endpoint({
  method: 'POST',
  path: `${path}/:channel_id/test`,
  permission: 'billing:manage',
  summary: 'Post a test message now and answer what the other side said',
  records: [],
  reply: NoticeTest,
  errors: ['not_found'],
});

export const testNoticeMail = endpoint({
  method: 'POST',
  path: '/v1/organizations/notice_settings/test_mail',
  permission: 'billing:manage',
  summary: 'Send a test e-mail now, to yourself or to somebody who is told of limits, and answer what the server said',
  records: [],
  body: z.strictObject({ to: z.email().optional() }),
  reply: NoticeTest,
  errors: ['invalid_request'],
});

/** Whom an organisation tells what. */
export const NoticeSettings = z.object({
  type: z.literal('notice_settings'),
  /** Percent of a limit; they are set with the other settings of spend. */
  thresholds: z.array(z.number()),
  /** The hour (UTC) of the digest of requests for more. */
  digest_hour: z.number(),
  /** Whether members are told of their own limits by e-mail. */
  notify_members: z.boolean(),
  /** Whether everybody who manages billing is told of the organisation's and the groups' by e-mail. */
  notify_administrators: z.boolean(),
  /** Further addresses that are told what administrators are. */
  alert_emails: z.array(z.string()),
  /** Who manages billing now. */
  administrators: z.array(z.object({ id: z.string(), name: z.string(), email: z.string() })),
  mail: z.object({
    is_configured: z.boolean(),
    server: z.string().nullable(),
    /** What is to be done before e-mail is sent; null when nothing is. */
    missing: z.string().nullable(),
  }),
  /** How many deliveries were given up and not sent again since. */
  failed_deliveries: z.number(),
});
export type NoticeSettings = z.output<typeof NoticeSettings>;

export const getNoticeSettings = endpoint({
  method: 'GET',
  path: '/v1/organizations/notice_settings',
  permission: 'billing:view',
  summary: 'Whom the organisation tells what: thresholds, recipients, the mail server',
  reply: NoticeSettings,
});

export const updateNoticeSettings = endpoint({
  method: 'POST',
  path: '/v1/organizations/notice_settings',
  permission: 'billing:manage',
  summary: 'Change whom the organisation tells what',
  records: ['remit_notice_settings_updated', 'platform_spend_limit_alert_emails_updated'],
  body: z.strictObject({
    digest_hour: z.number().int().min(0).max(23).optional(),
    notify_members: z.boolean().optional(),
    notify_administrators: z.boolean().optional(),
    alert_emails: z.array(z.email()).max(50).optional(),
  }),
  reply: NoticeSettings,
});

/** Something that was told, and how far it got. */
export const Notice = z.object({
  id: z.string(),
  type: z.literal('notice'),
  kind: z.string(),
  subject: z.string(),
  created_at: z.string(),
  /** None when there was nobody to tell. */
  deliveries: z.array(
    z.object({
      id: z.string(),
      channel: z.enum(['mail', 'webhook', 'slack']),
      /** An e-mail address, or the channel's name. */
      target: z.string(),
      state: deliveryState,
      attempts: z.number(),
      /** What the other side said last, or why it was not reached; null before the first try. */
      answer: z.string().nullable(),
      /** null once it is delivered or given up. */
      next_try_at: z.string().nullable(),
      delivered_at: z.string().nullable(),
    }),
  ),
});
export type Notice = z.output<typeof Notice>;

export const listNotices = endpoint({
  method: 'GET',
  path: '/v1/organizations/notices',
  permission: 'billing:view',
  summary: 'List what was told to whom, newest first, and how far it got; kept for ninety days',
  query: z.object({
    state: deliveryState.optional(),
    limit: pageLimit,
    after_id: z.string().optional(),
    before_id: z.string().optional(),
  }),
  reply: z.object({
    data: z.array(Notice),
    has_more: z.boolean(),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
  }),
});

export const retryNoticeDelivery = endpoint({
  method: 'POST',
  path: '/v1/organizations/notice_deliveries/:delivery_id/retry',
  permission: 'billing:manage',
  summary: 'Send again what was given up',
  records: ['remit_notice_delivery_retried'],
  reply: z.object({ id: z.string(), type: z.literal('notice_delivery_retried') }),
  errors: ['not_found', 'conflict'],
});
