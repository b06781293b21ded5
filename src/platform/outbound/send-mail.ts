import { getCACertificates } from 'node:tls';
import { type OutboundConfig, readCertificates } from './config.ts';
import { Undelivered } from './undelivered.ts';

/** A letter in plain text. `id` names it: a mailbox that gets it twice can tell. */
export type Mail = { readonly id: string; readonly to: string; readonly subject: string; readonly text: string };

export type Mailer = {
  /** The mail server as administrators may see it; null without one. */
  readonly server: string | null;
  /** Answers what the mail server said; rejects with {@link Undelivered}. */
  send(mail: Mail): Promise<string>;
};

/** What is to be done where no mail server is configured. */
export const NO_MAIL_SERVER =
  'No mail server is configured, so no e-mail is sent. Set REMIT_SMTP_URL (or smtp_host) and REMIT_MAIL_FROM, and restart.';

const STEP_MS_MAX = 10_000;

type Server = {
  readonly host: string;
  readonly port: number;
  readonly auth: { readonly user: string; readonly pass: string } | undefined;
  readonly tls: OutboundConfig['smtp_tls'];
};

const PORTS = { starttls: 587, implicit: 465, none: 25 } as const;

const fromUrl = (text: string, tls: OutboundConfig['smtp_tls']): Server => {
  const url = new URL(text);
  const way = url.protocol === 'smtps:' ? 'implicit' : tls;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? PORTS[way] : Number(url.port),
    auth:
      url.username === ''
        ? undefined
        : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
    tls: way,
  };
};

const serverOf = (mail: OutboundConfig): Server | undefined => {
  const { smtp_url: url, smtp_host: host, smtp_user: user, smtp_password: pass, smtp_tls: tls } = mail;
  if (url !== undefined) return fromUrl(url, tls);
  if (host === undefined) return undefined;
  const auth = user === undefined || pass === undefined ? undefined : { user, pass };
  return { host, port: mail.smtp_port ?? PORTS[tls], auth, tls };
};

/** Where the configuration names an authority, it is trusted beside the usual ones. */
const trustOf = (caFile: string | undefined) =>
  caFile === undefined ? {} : { tls: { ca: [...getCACertificates('default'), ...readCertificates(caFile)] } };

type Trust = ReturnType<typeof trustOf>;

/** Loads what sends mail, which is large, when there is some. */
const openTransport = async ({ host, port, auth, tls }: Server, trust: Trust) => {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    ...trust,
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(auth === undefined ? {} : { auth }),
    connectionTimeout: STEP_MS_MAX,
    greetingTimeout: STEP_MS_MAX,
    socketTimeout: STEP_MS_MAX,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
};

// What Node.js calls a certificate that nobody it trusts vouches for.
const NOT_TRUSTED = /certificate/i;

type SmtpError = Error & { readonly code?: string; readonly responseCode?: number; readonly response?: string };

const explain = ({ host, port }: Server, error: SmtpError): Undelivered => {
  const { code, responseCode, response, message } = error;
  const said = response?.replace(/\s+/g, ' ').slice(0, 300);
  if (code === 'EAUTH')
    return new Undelivered(`The mail server ${host} refused the user or the password: ${said ?? message}`, {
      cause: error,
    });
  // RFC 5321 §4.2.1: 5yz is for good, 4yz may be tried again.
  if (responseCode !== undefined)
    return new Undelivered(`The mail server ${host} refused: ${said ?? message}`, {
      isFinal: code === 'EENVELOPE' && responseCode >= 500,
      cause: error,
    });
  if (NOT_TRUSTED.test(message))
    return new Undelivered(
      `The certificate of the mail server ${host}:${port} is not trusted: ${message}. If an authority of your own signed it, name its certificate in REMIT_SMTP_CA_FILE.`,
      { cause: error },
    );
  return new Undelivered(`The mail server ${host}:${port} cannot be reached or broke off: ${message}`, {
    cause: error,
  });
};

/** Sends e-mail through the configured server; without one every letter is {@link Undelivered} for good. */
export const createMailer = (config: OutboundConfig): Mailer => {
  const server = serverOf(config);
  const from = config.mail_from;
  if (server === undefined || from === undefined)
    return { server: null, send: () => Promise.reject(new Undelivered(NO_MAIL_SERVER, { isFinal: true })) };
  const trust = trustOf(config.smtp_ca_file);
  let transport: ReturnType<typeof openTransport> | undefined;
  const domain = /@([^>\s]+)>?$/.exec(from)?.[1] ?? 'remit';
  return {
    server: `${server.host}:${server.port}`,
    send: async ({ id, to, subject, text }) => {
      try {
        transport ??= openTransport(server, trust);
        const sent = await (await transport).sendMail({
          from,
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          // RFC 3834 §5: keeps out-of-office notes from being answers.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return sent.response;
      } catch (error) {
        throw explain(server, error as SmtpError);
      }
    },
  };
};
