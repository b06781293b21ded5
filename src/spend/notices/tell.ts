import { type Person, readHolders, readOrganisationId, readOrganisationName } from '../../directory/index.ts';
import type { NewDelivery, Sql } from '../../platform/index.ts';
import type { NoticeEvent } from './contract.ts';
import type { NoticeDeps } from './deps.ts';
import { asMail, asSlack, asWebhook } from './rules/render.ts';
import type { Words } from './rules/words.ts';
import { type NoticeSettings, noticeStore, type StoredChannel } from './store.ts';

/** Something to tell. `key` names the event; of several with one key, one is told. */
export type Telling = {
  readonly key: string;
  readonly event: NoticeEvent;
  /** Whom it is about: it goes to them, and to channels that hear of members. Without one it goes to administrators. */
  readonly member?: { readonly person: Person | undefined; readonly words: Words };
  /** For administrators and channels. */
  readonly words: Words;
  /** The facts, for machines. */
  readonly data: object;
};

const hears = (channel: StoredChannel, { event, member }: Telling): boolean =>
  channel.is_enabled === 1 &&
  (member === undefined || channel.about_members === 1) &&
  (JSON.parse(channel.events) as readonly string[]).includes(event);

/** Everybody who is told what administrators are, each address once. */
export const readAlerted = async (sql: Sql, settings: NoticeSettings): Promise<readonly string[]> => {
  const holders = settings.notifyAdministrators ? await readHolders(sql, 'billing:manage') : [];
  const addresses = [...holders.map(({ email }) => email), ...settings.alertEmails];
  return [...new Map(addresses.map((address) => [address.toLowerCase(), address])).values()];
};

const mailsOf = async (sql: Sql, telling: Telling, settings: NoticeSettings): Promise<readonly NewDelivery[]> => {
  const organisation = await readOrganisationName(sql);
  const mail = (target: string, words: Words): NewDelivery => ({
    channel: 'mail',
    target,
    content: asMail(words, organisation),
  });
  const { member, words } = telling;
  if (member === undefined) return (await readAlerted(sql, settings)).map((address) => mail(address, words));
  return member.person !== undefined && settings.notifyMembers ? [mail(member.person.email, member.words)] : [];
};

const postsOf = async (sql: Sql, telling: Telling, createdAt: number): Promise<readonly NewDelivery[]> => {
  const channels = (await noticeStore(sql).listChannels()).filter((channel) => hears(channel, telling));
  const { words, data } = telling;
  const event = { type: `spend.${telling.event}`, createdAt, organizationId: await readOrganisationId(sql), data };
  return channels.map(({ id, kind }) => ({
    channel: kind,
    target: id,
    content: kind === 'slack' ? asSlack(words) : asWebhook(words, event),
  }));
};

/** Writes something to tell into the outbox, within the transaction `sql` of what it tells of. */
export const tell = async ({ post, now }: NoticeDeps, sql: Sql, telling: Telling): Promise<void> => {
  const settings = await noticeStore(sql).readSettings();
  const deliveries = [...(await mailsOf(sql, telling, settings)), ...(await postsOf(sql, telling, now()))];
  await post(sql, { key: telling.key, kind: telling.event, subject: telling.words.subject, deliveries });
};
