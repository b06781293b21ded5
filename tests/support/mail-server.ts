import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import type { CertificatePair } from './certificate.ts';

/** A letter as it arrived. */
export type ReceivedMail = {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly headers: string;
  /** The text, with transfer encodings undone. */
  readonly text: string;
};

/** What the server answers instead of doing it, by command; undefined does it. */
export type MailTrouble = (command: string, argument: string) => string | undefined;

/** A mail server on the loopback. */
export type TestMailServer = {
  readonly port: number;
  readonly url: string;
  readonly received: readonly ReceivedMail[];
  /** The user and password somebody signed in with last. */
  readonly signedInAs: () => string | undefined;
  /** Every command that was heard, with whether it came through TLS. */
  readonly heard: readonly { readonly command: string; readonly isSealed: boolean }[];
  /** From now on; undefined ends the trouble. */
  trouble(next: MailTrouble | undefined): void;
  close(): Promise<void>;
};

const decodeQuoted = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

const decodeWords = (text: string): string =>
  text
    .replace(/\r\n\s+/g, ' ')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=\s?/gi, (_, word: string) => decodeQuoted(word.replaceAll('_', ' ')))
    .replace(/=\?UTF-8\?B\?(.*?)\?=\s?/gi, (_, word: string) => Buffer.from(word, 'base64').toString('utf8'));

const parse = (raw: string, from: string, to: readonly string[]): ReceivedMail => {
  const [headers = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const subject = decodeWords(/^Subject: ((?:.*\r\n\s+)*.*)/im.exec(headers)?.[1] ?? '');
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(headers)?.[1]?.toLowerCase();
  const text =
    encoding === 'quoted-printable'
      ? decodeQuoted(body)
      : encoding === 'base64'
        ? Buffer.from(body, 'base64').toString('utf8')
        : body;
  return { from, to, subject, headers, text: text.replaceAll('\r\n', '\n').trimEnd() };
};

/** `starttls` is offered over the plain connection; `implicit` is TLS from the first byte. */
export type MailTls = { readonly pair: CertificatePair; readonly way: 'starttls' | 'implicit' };

type Stage = {
  readonly received: ReceivedMail[];
  readonly heard: { command: string; isSealed: boolean }[];
  /** What STARTTLS (RFC 3207) goes over to; undefined where it is not offered. */
  readonly offered: CertificatePair | undefined;
  trouble: MailTrouble | undefined;
  signedInAs: string | undefined;
};

/** One connection (RFC 5321 §4.1): as much of it as a client of ours needs. After STARTTLS it begins anew. */
const converse = (socket: Socket, stage: Stage): void => {
  const offered = socket instanceof TLSSocket ? undefined : stage.offered;
  let from = '';
  let to: string[] = [];
  let data: string | undefined;
  let pending = '';
  const say = (line: string) => socket.write(`${line}\r\n`);
  const addressIn = (text: string) => /<(.*?)>/.exec(text)?.[1] ?? '';
  const commands: Record<string, (argument: string) => void> = {
    ehlo: () => say(`250-test\r\n${offered === undefined ? '' : '250-STARTTLS\r\n'}250 AUTH PLAIN`),
    starttls: () => {
      if (offered === undefined) return say('502 not known');
      socket.removeAllListeners('data');
      socket.write('220 go on\r\n', () => {
        const sealed = new TLSSocket(socket, { isServer: true, ...offered });
        converse(sealed, stage);
      });
    },
    helo: () => say('250 test'),
    auth: (argument) => {
      stage.signedInAs = Buffer.from(argument.replace(/^PLAIN /, ''), 'base64')
        .toString()
        .split('\0')
        .slice(1)
        .join(':');
      say('235 welcome');
    },
    mail: (argument) => {
      from = addressIn(argument);
      to = [];
      say('250 ok');
    },
    rcpt: (argument) => {
      to.push(addressIn(argument));
      say('250 ok');
    },
    data: () => {
      data = '';
      say('354 go on');
    },
    rset: () => say('250 ok'),
    quit: () => socket.end('221 bye\r\n'),
  };
  const hear = (line: string): void => {
    if (data !== undefined) {
      if (line !== '.') {
        data += `${line.replace(/^\.\./, '.')}\r\n`;
        return;
      }
      stage.received.push(parse(data, from, to));
      data = undefined;
      say(`250 2.0.0 Ok: queued as ${stage.received.length}`);
      return;
    }
    const [, command = '', argument = ''] = /^(\w+)\s*(.*)$/.exec(line) ?? [];
    stage.heard.push({ command: command.toUpperCase(), isSealed: socket instanceof TLSSocket });
    const trouble = stage.trouble?.(command.toUpperCase(), argument);
    if (trouble !== undefined) say(trouble);
    else (commands[command.toLowerCase()] ?? (() => say('502 not known')))(argument);
  };
  socket.on('data', (chunk) => {
    const lines = (pending + chunk.toString('latin1')).split('\r\n');
    pending = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
  socket.on('error', () => undefined);
};

/** Starts a mail server that keeps what it is sent; without `tls` it knows no TLS. */
export const startMailServer = async (tls?: MailTls): Promise<TestMailServer> => {
  const stage: Stage = {
    received: [],
    heard: [],
    offered: tls?.way === 'starttls' ? tls.pair : undefined,
    trouble: undefined,
    signedInAs: undefined,
  };
  const sockets = new Set<Socket>();
  const greet = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    converse(socket, stage);
    socket.write('220 test\r\n');
  };
  const server = tls?.way === 'implicit' ? createTlsServer(tls.pair, greet) : createServer(greet);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls?.way === 'implicit' ? 'smtps' : 'smtp'}://remit:p%40ss@127.0.0.1:${port}`,
    received: stage.received,
    signedInAs: () => stage.signedInAs,
    heard: stage.heard,
    trouble: (next) => {
      stage.trouble = next;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
