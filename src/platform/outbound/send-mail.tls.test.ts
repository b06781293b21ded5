import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { newCertificate } from '../../../tests/support/certificate.ts';
import { type MailTls, startMailServer } from '../../../tests/support/mail-server.ts';
import { type OutboundConfig, outboundProblems } from './config.ts';
import { createMailer } from './send-mail.ts';

const WAYS: readonly MailTls['way'][] = ['starttls', 'implicit'];
const LETTER = { id: 'ndlv_1', to: 'ada@harbour.example', subject: 'Hello', text: 'A sentence.' };

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const fileOf = (text: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  opened.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, text);
  return file;
};

const open = async (tls: MailTls) => {
  const server = await startMailServer(tls);
  opened.push(() => server.close());
  return server;
};

const config = (smtp_url: string, smtp_ca_file?: string): OutboundConfig => ({
  smtp_url,
  smtp_host: undefined,
  smtp_port: undefined,
  smtp_user: undefined,
  smtp_password: undefined,
  smtp_tls: 'starttls',
  smtp_ca_file,
  mail_from: 'remit@harbour.example',
  private_webhooks: [],
});

it.each(WAYS)('with %s a letter goes, and the password too, through TLS and not before it', async (way) => {
  const pair = newCertificate();
  const server = await open({ way, pair });
  expect(await createMailer(config(server.url, fileOf(pair.cert))).send(LETTER)).toContain('queued as');
  expect(server.received).toMatchObject([{ to: [LETTER.to], text: LETTER.text }]);
  expect(server.signedInAs()).toBe('remit:p@ss');
  const plain = server.heard.filter(({ isSealed }) => !isSealed).map(({ command }) => command);
  expect(plain).toEqual(way === 'starttls' ? ['EHLO', 'STARTTLS'] : []);
});

it.each(WAYS)('with %s a server that nobody vouches for gets nothing, and may be tried again', async (way) => {
  const server = await open({ way, pair: newCertificate() });
  await expect(createMailer(config(server.url)).send(LETTER)).rejects.toMatchObject({
    isFinal: false,
    message: expect.stringContaining('REMIT_SMTP_CA_FILE'),
  });
  const otherAuthority = fileOf(newCertificate().cert);
  await expect(createMailer(config(server.url, otherAuthority)).send(LETTER)).rejects.toThrow('is not trusted');
  expect(server.received).toEqual([]);
  expect(server.signedInAs()).toBeUndefined();
});

it.each(WAYS)('with %s a certificate of another address gets nothing', async (way) => {
  const pair = newCertificate('127.0.0.2');
  const server = await open({ way, pair });
  await expect(createMailer(config(server.url, fileOf(pair.cert))).send(LETTER)).rejects.toThrow('is not trusted');
  expect(server.received).toEqual([]);
});

it('starting says so when the file of an authority is not there, or holds no certificate', () => {
  const problemOf = (file: string) => outboundProblems(config('smtp://127.0.0.1:1', file));
  expect(problemOf(fileOf(newCertificate().cert))).toEqual([]);
  for (const file of ['/nowhere/ca.pem', fileOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')])
    expect(problemOf(file)).toMatchObject([{ where: 'smtp_ca_file', problem: expect.stringContaining(file) }]);
});
