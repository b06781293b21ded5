import { afterAll, beforeAll, expect, it } from 'vitest';
import { startMailServer, type TestMailServer } from '../../../tests/support/mail-server.ts';
import { type OutboundConfig, outboundProblems } from './config.ts';
import { createMailer } from './send-mail.ts';

let server: TestMailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());

const config = (more: Partial<OutboundConfig> = {}): OutboundConfig => ({
  smtp_url: server.url,
  smtp_host: undefined,
  smtp_port: undefined,
  smtp_user: undefined,
  smtp_password: undefined,
  smtp_tls: 'none',
  smtp_ca_file: undefined,
  mail_from: 'Remit <remit@harbour.example>',
  private_webhooks: [],
  ...more,
});

const LETTER = { id: 'ndlv_1', to: 'ada@harbour.example', subject: 'Größe – 75 %', text: 'Ein Satz.\n.\nNoch einer …' };

it('a letter arrives as it was written, from whom the configuration says, with an id of its own', async () => {
  expect(await createMailer(config()).send(LETTER)).toContain('queued as');
  const [mail] = server.received.slice(-1);
  expect(mail).toMatchObject({ from: 'remit@harbour.example', to: [LETTER.to], subject: LETTER.subject });
  expect(mail?.text).toBe(LETTER.text);
  expect(mail?.headers).toContain('Message-ID: <ndlv_1@harbour.example>');
  expect(mail?.headers).toContain('Auto-Submitted: auto-generated');
  expect(server.signedInAs()).toBe('remit:p@ss');
});

it('host, port, user and password do what the one line does', async () => {
  const separate = { smtp_host: '127.0.0.1', smtp_port: server.port, smtp_user: 'ada', smtp_password: 'pw' };
  await createMailer(config({ smtp_url: undefined, ...separate })).send(LETTER);
  expect(server.signedInAs()).toBe('ada:pw');
});

it('a subject or an address with a line break adds no header and no recipient', async () => {
  const subject = 'Hello\r\nBcc: eve@evil.example';
  await createMailer(config()).send({ ...LETTER, subject });
  expect(server.received.at(-1)?.headers).not.toMatch(/^Bcc:/im);
  const to = 'ada@harbour.example\r\nBcc: eve@evil.example';
  await createMailer(config())
    .send({ ...LETTER, to })
    .catch(() => undefined);
  expect(server.received.flatMap((mail) => mail.to)).not.toContain('eve@evil.example');
});

it('sends nothing where the server does not go over to TLS, unless that is switched off', async () => {
  const before = server.received.length;
  await expect(createMailer(config({ smtp_tls: 'starttls' })).send(LETTER)).rejects.toMatchObject({ isFinal: false });
  expect(server.received.length).toBe(before);
});

it.each([
  ['a mailbox that does not exist', 'RCPT', '550 5.1.1 no such mailbox', true],
  ['a mailbox that is full for now', 'RCPT', '452 4.2.2 full', false],
  ['a wrong password', 'AUTH', '535 5.7.8 no', false],
  ['a server that is busy', 'MAIL', '421 4.3.2 busy', false],
])('%s is told in its own words; final: %#', async (_, command, answer, isFinal) => {
  server.trouble((asked) => (asked === command ? answer : undefined));
  const refused = createMailer(config()).send(LETTER);
  await expect(refused).rejects.toMatchObject({ isFinal, message: expect.stringContaining(answer.slice(0, 3)) });
  server.trouble(undefined);
});

it('a server that is not there is said to be so, and without a server what is missing', async () => {
  const away = createMailer(config({ smtp_url: 'smtp://127.0.0.1:1' }));
  await expect(away.send(LETTER)).rejects.toMatchObject({
    isFinal: false,
    message: expect.stringContaining('127.0.0.1:1'),
  });
  const none = createMailer(config({ smtp_url: undefined }));
  expect(none.server).toBeNull();
  await expect(none.send(LETTER)).rejects.toMatchObject({
    isFinal: true,
    message: expect.stringContaining('REMIT_SMTP_URL'),
  });
});

it('settings that do not go together are named', () => {
  expect(outboundProblems(config())).toEqual([]);
  expect(outboundProblems(config({ smtp_url: undefined, mail_from: undefined }))).toEqual([]);
  expect(outboundProblems(config({ mail_from: undefined })).map(({ where }) => where)).toEqual(['mail_from']);
  expect(outboundProblems(config({ smtp_host: 'a', smtp_user: 'b' })).map(({ where }) => where)).toEqual([
    'smtp_host',
    'smtp_user',
  ]);
});
