import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, press, seeText } from './support/page.ts';
import { openStage, type Stage, type Visitor } from './support/stage.ts';

let mail: TestMailServer;
let receiver: WebhookReceiver;
let stage: Stage;
let owner: Visitor;

beforeAll(async () => {
  mail = await startMailServer();
  receiver = await startWebhookReceiver();
  stage = await openStage({
    env: {
      REMIT_SMTP_URL: mail.url,
      REMIT_SMTP_TLS: 'none',
      REMIT_MAIL_FROM: 'Remit <remit@harbour.example>',
      REMIT_PRIVATE_WEBHOOKS: receiver.url,
    },
  });
  owner = await stage.visitAsOwner();
  await owner.go('/limits?tab=notifications');
});

afterAll(async () => {
  await stage.close();
  await receiver.close();
  await mail.close();
});

test('a test e-mail arrives, and the page says what the mail server said', async () => {
  const { page } = owner;
  await seeText(page, 'Nothing is posted anywhere yet.');
  await seeText(page, 'Nobody has been told anything yet.');
  expect(await seriousFaults(page)).toEqual([]);
  await press(page, 'Send me a test e-mail');
  await seeText(page, 'queued as');
  expect(mail.received.at(-1)?.subject).toBe('A test message from Remit');
});

test('a webhook is added, its secret shown once, tested, and switched off', async () => {
  const { page } = owner;
  await press(page, 'Add a channel');
  const form = dialog(page, 'Add a channel');
  await form.getByLabel('Kind').selectOption('webhook');
  await form.getByLabel('Name', { exact: true }).fill('Ledger');
  await form.getByLabel('Address').fill(`${receiver.url}/hook/secret-path`);
  await press(form, 'Add the channel');
  await seeText(form, 'it cannot be shown again');
  await press(form, 'Done');
  await seeText(page, `Webhook at ${new URL(receiver.url).host}`);
  expect(await page.content()).not.toContain('secret-path');
  receiver.failNext(1, 500);
  await press(page, 'Send a test message to Ledger');
  await seeText(page, 'It was not delivered');
  await press(page, 'Send a test message to Ledger');
  await seeText(page, 'answered 200: ok');
  expect(await seriousFaults(page)).toEqual([]);
});

test('further addresses are kept', async () => {
  const { page } = owner;
  const addresses = page.getByRole('combobox', { name: 'Further addresses' });
  await addresses.fill('finance@harbour.example');
  await addresses.press('Enter');
  await press(page, 'Save who is told');
  await seeText(page, 'Who is told is saved.');
  await page.reload();
  await seeText(page, 'finance@harbour.example');
});
