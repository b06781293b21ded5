import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ConfigOf, type Section, section } from '../config/section.ts';

const listed = (value: unknown): unknown =>
  typeof value === 'string' ? value.split(',').map((one) => one.trim()) : (value ?? []);

const isOrigin = (text: string): boolean => URL.parse(text)?.origin === text.replace(/\/$/, '');

const origins = z.preprocess(
  listed,
  z.array(z.string().refine(isOrigin, 'is no origin such as https://chat.corp.example')),
);

const settings = {
  smtp_url: {
    schema: z
      .string()
      .regex(/^smtps?:\/\/[^/]/, 'must be smtp://user:password@host:port or smtps://…')
      .refine((text) => URL.canParse(text), 'is no URL; characters such as @ in a password are written as %40')
      .optional(),
    env: 'REMIT_SMTP_URL',
    secret: true,
    help: 'The mail server in one line: `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. Instead of host, port, user, password and TLS below.',
  },
  smtp_host: {
    schema: z.string().min(1).optional(),
    env: 'REMIT_SMTP_HOST',
    help: 'The mail server that sends what Remit has to say. Without one no e-mail is sent, and the console says so.',
  },
  smtp_port: {
    schema: z.coerce.number().int().min(1).max(65_535).optional(),
    env: 'REMIT_SMTP_PORT',
    help: 'Its port. Default: 587, 465 with `implicit`, 25 with `none`.',
  },
  smtp_user: {
    schema: z.string().min(1).optional(),
    env: 'REMIT_SMTP_USER',
    help: 'The user to sign in to it as; none for a relay that knows Remit by its address.',
  },
  smtp_password: {
    schema: z.string().min(1).optional(),
    env: 'REMIT_SMTP_PASSWORD',
    secret: true,
    help: 'That user’s password.',
  },
  smtp_tls: {
    schema: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
    env: 'REMIT_SMTP_TLS',
    help: 'How it is encrypted. `starttls` goes over to TLS before anything is said and sends nothing without; `implicit` is TLS from the first byte; `none` is for a relay on the same machine or a network you trust.',
  },
  smtp_ca_file: {
    schema: z.string().min(1).optional(),
    env: 'REMIT_SMTP_CA_FILE',
    help: 'A PEM file with the certificates of your own authority, where the mail server’s certificate is signed by one. They are trusted for the mail server, beside the usual ones.',
  },
  mail_from: {
    schema: z
      .string()
      .regex(
        /^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/,
        'must be an address, such as Remit <remit@example.com>',
      )
      .optional(),
    env: 'REMIT_MAIL_FROM',
    help: 'Who e-mail is from, such as `Remit <remit@example.com>`. Needed with a mail server.',
  },
  private_webhooks: {
    schema: origins,
    env: 'REMIT_PRIVATE_WEBHOOKS',
    help: 'Origins of webhooks inside your network, such as `https://chat.corp.example`; in the variable with commas between them. Others must be on https at a public address, so that an address somebody types reaches nothing inside.',
  },
} as const;

/** How e-mail is sent, and which webhooks may be posted to. */
export const outboundConfig: Section<typeof settings> = section('E-mail and webhooks', settings);

/** The settings of {@link outboundConfig}, read. */
export type OutboundConfig = ConfigOf<typeof outboundConfig>;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a PEM file; throws when it cannot be read, and what it answers is never empty. */
export const readCertificates = (file: string): readonly string[] => {
  const found = readFileSync(file, 'utf8').match(PEM_CERTIFICATE) ?? [];
  if (found.length === 0) throw new Error('it holds no certificate in PEM form');
  for (const pem of found) new X509Certificate(pem);
  return found;
};

const problemOfFile = (file: string): string | undefined => {
  try {
    readCertificates(file);
    return undefined;
  } catch (error) {
    return `${file} cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** What does not go together in the settings of the mail server, by the setting it is about. */
export const outboundProblems = (
  mail: OutboundConfig,
): readonly { readonly where: string; readonly problem: string }[] => {
  const { smtp_url: url, smtp_host: host, smtp_user: user, smtp_password: password, mail_from: from } = mail;
  const problems: { where: string; problem: string }[] = [];
  if (url !== undefined && host !== undefined)
    problems.push({ where: 'smtp_host', problem: 'is given beside smtp_url; give one of them' });
  if ((url ?? host) !== undefined && from === undefined)
    problems.push({ where: 'mail_from', problem: 'is needed with a mail server: who its e-mail is from' });
  if ((user === undefined) !== (password === undefined))
    problems.push({ where: 'smtp_user', problem: 'and smtp_password go together; give both or neither' });
  const unreadable = mail.smtp_ca_file === undefined ? undefined : problemOfFile(mail.smtp_ca_file);
  if (unreadable !== undefined) problems.push({ where: 'smtp_ca_file', problem: unreadable });
  return problems;
};
