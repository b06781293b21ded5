import type { Update } from '../../activity/index.ts';
import { notFound } from '../../directory/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import { checkLiteral, type Database, ForbiddenAddress, newSecret, type Sql } from '../../platform/index.ts';
import { NOTICE_EVENTS, type NoticeEvent } from './contract.ts';
import type { NoticeDeps } from './deps.ts';
import { noticeStore, type StoredChannel } from './store.ts';

/** What a channel's address and secret are sealed about. */
export const aboutChannel = (id: string, what: 'url' | 'secret'): string => `notice channel ${id} ${what}`;

/** A channel, and its secret where it has a new one. */
export type ChangedChannel = { readonly channel: StoredChannel; readonly secret: string | null };

export type NewChannel = {
  readonly kind: StoredChannel['kind'];
  readonly name: string;
  readonly url: string;
  readonly events?: readonly NoticeEvent[] | undefined;
  readonly about_members?: boolean | undefined;
};

export type ChannelChanges = {
  readonly [Key in 'name' | 'url' | 'events' | 'about_members']?: NewChannel[Key] | undefined;
} & { readonly is_enabled?: boolean | undefined; readonly rotate_secret?: boolean | undefined };

const newSigningSecret = (): string => `whsec_${newSecret()}`;

/** Refuses addresses that could never be posted to; names are looked up when they are. */
const checkUrl = (text: string, privateWebhooks: readonly string[]): URL => {
  const url = new URL(text);
  if (privateWebhooks.some((origin) => URL.parse(origin)?.origin === url.origin)) return url;
  if (url.protocol !== 'https:')
    throw new Refusal(
      'invalid_request',
      'Only https is posted to. For an address inside your network, whoever runs Remit adds its origin to private_webhooks.',
    );
  try {
    checkLiteral(url.hostname, false);
  } catch (error) {
    if (!(error instanceof ForbiddenAddress)) throw error;
    throw new Refusal(
      'invalid_request',
      `${url.hostname} is no public address. If it is yours, whoever runs Remit adds its origin to private_webhooks.`,
    );
  }
  return url;
};

/** Adds a channel. */
export const createChannel =
  ({ database, record, secrets, privateWebhooks, now, newId }: NoticeDeps) =>
  async (wanted: NewChannel, by: Doer): Promise<ChangedChannel> => {
    const { kind, name } = wanted;
    const { host } = checkUrl(wanted.url, privateWebhooks);
    const id = newId('noticeChannel');
    const secret = kind === 'webhook' ? newSigningSecret() : null;
    const at = now();
    const channel: StoredChannel = {
      id,
      kind,
      name,
      host,
      sealed_url: secrets.seal(wanted.url, aboutChannel(id, 'url')),
      sealed_secret: secret === null ? null : secrets.seal(secret, aboutChannel(id, 'secret')),
      is_enabled: 1,
      events: JSON.stringify(wanted.events ?? NOTICE_EVENTS),
      about_members: wanted.about_members === true ? 1 : 0,
      created_at: at,
      updated_at: at,
    };
    await database.transaction(async (sql) => {
      await noticeStore(sql).insertChannel(channel);
      await record(sql, by, {
        type: 'remit_notice_channel_created',
        notice_channel_id: id,
        notice_channel_name: name,
        kind,
      });
    });
    return { channel, secret };
  };

/** A stored channel; refuses an id that names none. */
export const findChannel = async (store: ReturnType<typeof noticeStore>, id: string): Promise<StoredChannel> => {
  const channel = await store.findChannel(id);
  if (channel === undefined) throw notFound('channel', id);
  return channel;
};

const changed = (deps: NoticeDeps, before: StoredChannel, wanted: ChannelChanges): ChangedChannel => {
  const { id } = before;
  const { name = before.name, url, events, about_members: about, is_enabled: enabled } = wanted;
  const isRotated = wanted.rotate_secret === true && before.kind === 'webhook';
  const secret = isRotated ? newSigningSecret() : null;
  const channel: StoredChannel = {
    ...before,
    name,
    ...(url === undefined
      ? {}
      : {
          host: checkUrl(url, deps.privateWebhooks).host,
          sealed_url: deps.secrets.seal(url, aboutChannel(id, 'url')),
        }),
    ...(secret === null ? {} : { sealed_secret: deps.secrets.seal(secret, aboutChannel(id, 'secret')) }),
    events: events === undefined ? before.events : JSON.stringify(events),
    about_members: about === undefined ? before.about_members : Number(about),
    is_enabled: enabled === undefined ? before.is_enabled : Number(enabled),
    updated_at: deps.now(),
  };
  return { channel, secret };
};

const shown = ({ name, host, events, about_members, is_enabled }: StoredChannel) => ({
  name,
  host,
  events: (JSON.parse(events) as readonly string[]).join(', '),
  about_members: about_members === 1,
  enabled: is_enabled === 1,
});

/** What has changed, for the feed; of secrets only that they did. */
const updatesOf = (before: StoredChannel, after: StoredChannel): readonly Update[] => {
  const [was, is] = [shown(before), shown(after)];
  const told = (Object.keys(is) as (keyof typeof is)[])
    .filter((key) => was[key] !== is[key])
    .map((type) => ({ type, previous_value: was[type], current_value: is[type] }));
  const hidden = (['sealed_url', 'sealed_secret'] as const)
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ type: key.replace('sealed_', ''), previous_value: '***', current_value: '***' }));
  return [...told, ...hidden];
};

/** Changes of channels take turns: what one has not touched must not be written back as it was before another. */
const inTurn = <R>(database: Database, change: (sql: Sql) => Promise<R>): Promise<R> =>
  database.transaction(async (sql) => {
    await database.lock(sql, 'remit_notice_channels');
    return change(sql);
  });

/** Changes a channel. */
export const updateChannel =
  (deps: NoticeDeps) =>
  (id: string, wanted: ChannelChanges, by: Doer): Promise<ChangedChannel> =>
    inTurn(deps.database, async (sql) => {
      const store = noticeStore(sql);
      const before = await findChannel(store, id);
      const result = changed(deps, before, wanted);
      await store.updateChannel(id, result.channel);
      await deps.record(sql, by, {
        type: 'remit_notice_channel_updated',
        notice_channel_id: id,
        notice_channel_name: result.channel.name,
        updates: updatesOf(before, result.channel),
      });
      return result;
    });

/** Removes a channel; deliveries that wait for it find nothing to post to and are given up. */
export const deleteChannel =
  ({ database, record }: NoticeDeps) =>
  (id: string, by: Doer): Promise<void> =>
    inTurn(database, async (sql) => {
      const store = noticeStore(sql);
      const { name } = await findChannel(store, id);
      await store.deleteChannel(id);
      await record(sql, by, { type: 'remit_notice_channel_deleted', notice_channel_id: id, notice_channel_name: name });
    });
