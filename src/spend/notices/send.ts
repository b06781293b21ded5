import { z } from 'zod';
import { type OpenDelivery, type Sender, Undelivered } from '../../platform/index.ts';
import { aboutChannel } from './change-channels.ts';
import type { NoticeDeps } from './deps.ts';
import { noticeStore } from './store.ts';

const MailContent = z.object({ subject: z.string(), text: z.string() });

/** Sends the outbox's e-mail. */
export const createMailSender =
  ({ mailer }: Pick<NoticeDeps, 'mailer'>): Sender =>
  ({ id, target, content }) =>
    mailer.send({ id, to: target, ...MailContent.parse(content) });

/** Posts to a channel as it is now; webhooks get the delivery's id into their JSON. */
export const createChannelSender =
  ({ database, secrets, postWebhook }: Pick<NoticeDeps, 'database' | 'secrets' | 'postWebhook'>): Sender =>
  async ({ id, target, content }: OpenDelivery) => {
    const channel = await noticeStore(database).findChannel(target);
    if (channel === undefined)
      throw new Undelivered('The channel was removed before this was posted.', { isFinal: true });
    if (channel.is_enabled === 0)
      throw new Undelivered(`The channel ${channel.name} is switched off.`, { isFinal: true });
    const body = channel.kind === 'slack' ? content : { id, ...(content as object) };
    return postWebhook({
      id,
      url: secrets.open(channel.sealed_url, aboutChannel(target, 'url')),
      secret:
        channel.sealed_secret === null ? null : secrets.open(channel.sealed_secret, aboutChannel(target, 'secret')),
      body: JSON.stringify(body),
    });
  };
