import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/platform/contract.ts';
import * as spend from '../../src/spend/contract.ts';
import { send } from '../support/http.ts';
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';
import { bodyOf } from '../support/messages.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { openStore } from '../support/read-store.ts';
import { directory, type RemitProcess, startRemitProcess } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

/** Two nodes and one mail server: what is to be told survives whoever was about to tell it. */

let server: PostgresServer;
let mail: TestMailServer;
let env: Record<string, string>;
beforeAll(async () => {
  server = await startPostgres();
  mail = await startMailServer();
  env = { REMIT_SMTP_URL: mail.url, REMIT_SMTP_TLS: 'none', REMIT_MAIL_FROM: 'remit@harbour.example' };
});
afterAll(async () => {
  await mail.close();
  await server.stop();
});

const start = (databaseUrl: string, name: string): Promise<RemitProcess> =>
  startRemitProcess({ databaseUrl, env: { ...env, REMIT_NODE_NAME: name } });

const denied = async (remit: RemitProcess): Promise<string> => {
  const { id, email, key } = await remit.newMember();
  await remit.call(spend.setSpendLimit, { body: { scope: { type: 'user', user_id: id }, amount: '100' } });
  const as = createClient({ baseUrl: remit.url, headers: { 'x-api-key': key } });
  const request_id = (await as(spend.askForIncrease, { body: {} })).requests[0]?.id ?? '';
  await remit.callNow(spend.denyIncreaseRequest, { params: { request_id }, body: {} });
  return email;
};

const mailsTo = (address: string) => mail.received.filter(({ to }) => to.includes(address));

test('of two nodes one sends each message', async () => {
  const databaseUrl = await server.createDatabase();
  const nodes = [await start(databaseUrl, 'one'), await start(databaseUrl, 'two')];
  const addresses: string[] = [];
  for (let count = 0; count < 6; count++) addresses.push(await denied(nodes[count % 2] as RemitProcess));
  await waitFor('all messages', () => addresses.every((address) => mailsTo(address).length > 0), 15_000);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(addresses.map((address) => mailsTo(address).length)).toEqual(addresses.map(() => 1));
  for (const node of nodes) await node.stop();
}, 120_000);

test('what a killed node had not sent yet is sent after it starts again', async () => {
  const databaseUrl = await server.createDatabase();
  mail.trouble((command) => (command === 'MAIL' ? '421 4.3.2 busy' : undefined));
  const killed = await start(databaseUrl, 'one');
  const email = await denied(killed);
  await killed.kill();
  mail.trouble(undefined);
  expect(mailsTo(email)).toHaveLength(0);
  const again = await start(databaseUrl, 'one');
  await waitFor('the message', () => mailsTo(email).length > 0, 45_000);
  await again.stop();
  await killed.stop();
}, 120_000);

test('an invite goes to whom it is for, with the link that lets them in, which is stored nowhere', async () => {
  const databaseUrl = await server.createDatabase();
  const remit = await start(databaseUrl, 'one');
  const body = { email: 'grace@harbour.example', role: 'user' as const };
  const invite = await remit.callNow(directory.createInvite, { body });
  expect(invite.is_emailed).toBe(true);
  const [letter] = await waitFor('the invite', () =>
    mailsTo(body.email).length > 0 ? mailsTo(body.email) : undefined,
  );
  expect(letter?.text).toContain(invite.url);
  const again = await remit.callNow(directory.resendInvite, { params: { invite_id: invite.id } });
  await waitFor('the invite again', () => mailsTo(body.email).some(({ text }) => text.includes(again.url)));
  await remit.stop();
}, 120_000);

test('a limit that requests reach is told to the member, each threshold once, by what was really spent', async () => {
  const databaseUrl = await server.createDatabase();
  const remit = await start(databaseUrl, 'one');
  await remit.allowAll();
  const { id, email, key } = await remit.newMember();
  await remit.call(spend.setSpendLimit, { body: { scope: { type: 'user', user_id: id }, amount: '0.1' } });
  for (let count = 0; count < 3; count++) await send({ url: remit.url, key, body: bodyOf() });
  const subjects = () => mailsTo(email).map(({ subject }) => subject);
  await waitFor('the message', () => subjects().includes('Your monthly spend limit is reached'), 15_000);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(new Set(subjects()).size).toBe(subjects().length);
  await remit.stop();
}, 120_000);

test('what was crossed and not yet written when the process died is told at its next start, without a request, and once', async () => {
  const databaseUrl = await server.createDatabase();
  const killed = await start(databaseUrl, 'one');
  await killed.allowAll();
  const { id, email, key } = await killed.newMember();
  await killed.call(spend.setSpendLimit, { body: { scope: { type: 'user', user_id: id }, amount: '0.1' } });
  for (let count = 0; count < 3; count++) await send({ url: killed.url, key, body: bodyOf() });
  const told = () => mailsTo(email).filter(({ subject }) => subject === 'Your monthly spend limit is reached').length;
  await waitFor('the message', () => told() === 1, 15_000);
  await killed.kill();
  // As if it had died before it came to write that.
  const store = await openStore('', databaseUrl);
  for (const table of ['notice_marks', 'outbox_deliveries', 'outbox_notices']) await store.run(`DELETE FROM ${table}`);
  await store.close();

  const again = await start(databaseUrl, 'one');
  await waitFor('the message after the start', () => told() === 2, 30_000);
  await again.stop();
  const once = await start(databaseUrl, 'one');
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect(told()).toBe(2);
  await once.stop();
  await killed.stop();
}, 120_000);
