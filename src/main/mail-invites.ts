import { type MailInvites, readOrganisationName } from '../directory/index.ts';
import type { Mailer, PostNotice } from '../platform/index.ts';

type Deps = { readonly post: PostNotice; readonly mailer: Mailer; readonly publicUrl: () => string };

const textOf = (organisation: string, url: string, expiresAt: number): string =>
  [
    `You are invited to use Claude at ${organisation}, through Remit.`,
    `Open this link to become a member. It works once, until ${new Date(expiresAt).toUTCString()}:`,
    url,
    'It is for you alone: whoever has it can become a member with your address. If you did not expect it, leave it.',
  ].join('\n\n');

/** Sends invites by e-mail where there is a mail server. The link is sealed while it waits, and forgotten once it is sent. */
export const createMailInvites =
  ({ post, mailer, publicUrl }: Deps): MailInvites =>
  async (sql, invites) => {
    if (mailer.server === null) return false;
    const organisation = await readOrganisationName(sql);
    for (const { id, email, token, expiresAt } of invites) {
      const subject = `Your invitation to ${organisation}`;
      const content = { subject, text: textOf(organisation, `${publicUrl()}/invite?token=${token}`, expiresAt) };
      await post(sql, {
        key: `invite ${id} ${expiresAt}`,
        kind: 'invite',
        subject: `Invitation of ${email}`,
        deliveries: [{ channel: 'mail', target: email, content }],
      });
    }
    return true;
  };
