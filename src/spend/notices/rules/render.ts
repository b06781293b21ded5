import type { Words } from './words.ts';

/** A letter in plain text. */
export const asMail = ({ subject, lines, link }: Words, organisation: string) => ({
  subject,
  text: [...lines, `${link.label}: ${link.url}`, `-- \nRemit, for ${organisation}`].join('\n\n'),
});

// Slack's mrkdwn takes these three as markup (its reference, “Escaping text”).
const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const SECTION_CHARS_MAX = 2900;

/** What Slack's incoming webhooks take, and those of chats that speak like them: a text, and blocks for who shows them. */
export const asSlack = ({ subject, lines, link }: Words) => ({
  text: `${escapeSlack(subject)}\n${link.url}`,
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: `*${escapeSlack(subject)}*` } },
    { type: 'section', text: { type: 'mrkdwn', text: escapeSlack(lines.join('\n')).slice(0, SECTION_CHARS_MAX) } },
    { type: 'section', text: { type: 'mrkdwn', text: `<${link.url}|${escapeSlack(link.label)}>` } },
  ],
});

/** A webhook's JSON without the id, which each delivery has its own of. */
export const asWebhook = (
  { subject, lines, link }: Words,
  event: { readonly type: string; readonly createdAt: number; readonly organizationId: string; readonly data: object },
) => ({
  type: event.type,
  created_at: new Date(event.createdAt).toISOString(),
  organization_id: event.organizationId,
  subject,
  text: lines.join('\n'),
  url: link.url,
  data: event.data,
});
