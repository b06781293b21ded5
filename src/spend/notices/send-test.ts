import { readOrganisationId, readOrganisationName } from '../../directory/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import { Undelivered } from '../../platform/index.ts';
import { findChannel } from './change-channels.ts';
import type { NoticeDeps } from './deps.ts';
import { asMail, asSlack, asWebhook } from './rules/render.ts';
import type { Words } from './rules/words.ts';
import { createChannelSender } from './send.ts';
import { noticeStore } from './store.ts';
import { readAlerted } from './tell.ts';

/** What came of a test. */
export type TestResult = { readonly is_delivered: boolean; readonly answer: string };

const words = ({ publicUrl }: NoticeDeps): Words => ({
  subject: 'A test message from Remit',
  lines: ['Somebody has asked for it to see whether notices arrive here. They do, and there is nothing to be done.'],
  link: { label: 'The console', url: publicUrl() },
});

const attempt = async (send: () => Promise<string>): Promise<TestResult> => {
  try {
    return { is_delivered: true, answer: await send() };
  } catch (error) {
    if (error instanceof Undelivered) return { is_delivered: false, answer: error.message };
    throw error;
  }
};

/** Posts a test message to a channel, at once and once. */
export const testChannel =
  (deps: NoticeDeps) =>
  async (id: string): Promise<TestResult> => {
    const { database, now, newId } = deps;
    const { kind } = await findChannel(noticeStore(database), id);
    const event = { type: 'test', createdAt: now(), organizationId: await readOrganisationId(database), data: {} };
    const content = kind === 'slack' ? asSlack(words(deps)) : asWebhook(words(deps), event);
    return attempt(() => createChannelSender(deps)({ id: newId('noticeDelivery'), target: id, content }));
  };

/** Who may be sent a test: whoever asks, and who is told of limits anyway. */
const recipientOf = async ({ database }: NoticeDeps, wanted: string | undefined, by: Doer): Promise<string> => {
  const own = by.who.kind === 'member' ? by.who.email : undefined;
  const to = wanted ?? own;
  if (to === undefined) throw new Refusal('invalid_request', 'Say in “to” whom to send the test to.');
  const told = await readAlerted(database, await noticeStore(database).readSettings());
  if (![own, ...told].some((address) => address?.toLowerCase() === to.toLowerCase()))
    throw new Refusal(
      'invalid_request',
      `${to} is told of nothing. A test goes to yourself, to whoever manages billing, or to an address in alert_emails.`,
    );
  return to;
};

/** Sends a test e-mail, at once and once. */
export const testMail =
  (deps: NoticeDeps) =>
  async (wanted: string | undefined, by: Doer): Promise<TestResult> => {
    const to = await recipientOf(deps, wanted, by);
    const mail = asMail(words(deps), await readOrganisationName(deps.database));
    return attempt(() => deps.mailer.send({ id: deps.newId('noticeDelivery'), to, ...mail }));
  };
