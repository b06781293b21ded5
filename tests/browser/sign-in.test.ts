import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLIENT, startIdentityProvider, type TestIdentityProvider } from '../support/identity-provider.ts';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, follow, press, seeText, seeTitle, tabTo } from './support/page.ts';
import { OWNER, openStage, type Stage, type Visitor } from './support/stage.ts';

// Signing in as people do it: password, second factor, provider. The tests build on each other.

let stage: Stage;
let idp: TestIdentityProvider;
let owner: Visitor;
let secret = '';
let recoveryCodes: readonly string[] = [];
let usedAt = 0;

beforeAll(async () => {
  idp = await startIdentityProvider();
  stage = await openStage({ env: { REMIT_PRIVATE_IDENTITY_PROVIDERS: idp.issuer } });
  idp.sendBackTo(`${stage.url}/v1/session/callback`);
  owner = await stage.visitAsOwner();
});

afterAll(async () => {
  await stage.close();
  await idp.close();
});

const PICTURES = process.env.REMIT_PICTURES;

/** Draws the page for whoever wants to look at it; the tests do not. */
const draw = async (page: Page, name: string): Promise<void> => {
  if (PICTURES === undefined) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, animations: 'disabled', fullPage: true });
};

const withoutFaults = async (page: Page, name: string): Promise<void> => {
  expect(await seriousFaults(page)).toEqual([]);
  await draw(page, name);
};

const HALF_MINUTE_MS = 30_000;

/** So long before the end of a half minute, what is typed might arrive in the next one. */
const TYPING_MS = 3000;

/** A code that was not used before: each half minute has one, and its neighbours count too. */
const freshCode = async (): Promise<string> => {
  const leftMs = HALF_MINUTE_MS - (Date.now() % HALF_MINUTE_MS);
  if (leftMs < TYPING_MS) await sleep(leftMs);
  usedAt = Math.max(Date.now() - HALF_MINUTE_MS, usedAt + HALF_MINUTE_MS);
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: usedAt });
};

const codeField = (within: Page | Locator): Locator => within.getByRole('textbox', { name: 'Code', exact: true });

const enterPassword = async (page: Page): Promise<void> => {
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await press(page, 'Sign in');
};

test('the page of one’s own security shows the password, the second factor and this device', async () => {
  const { page, go } = owner;
  await go('/me/security');
  await seeText(page, 'This device');
  await seeText(page, 'Not set up');
  await withoutFaults(page, 'security');
});

test('a second factor is set up with a QR code and a first code, and gives recovery codes once', async () => {
  const { page } = owner;
  await press(page, 'Set up');
  const form = dialog(page, 'Set up a second factor');
  await press(form, 'Continue');
  await form.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  await withoutFaults(page, 'enrol');
  secret = ((await form.locator('code').textContent()) ?? '').replaceAll(' ', '');
  await codeField(form).fill('12');
  await press(form, 'Confirm');
  await seeText(form, 'Enter the six digits.');
  await codeField(form).fill(await freshCode());
  await press(form, 'Confirm');
  const codes = dialog(page, 'Your recovery codes');
  await codes.getByRole('listitem').first().waitFor();
  recoveryCodes = await codes.getByRole('listitem').allInnerTexts();
  expect(recoveryCodes).toHaveLength(10);
  await withoutFaults(page, 'recovery-codes');
  await press(codes, 'I have kept them');
  await seeText(page, '10 recovery codes left');
});

test('signing in then asks for the code; a wrong one is explained, a recovery code helps', async () => {
  const { page, go } = await stage.visit();
  await go('/keys');
  await seeTitle(page, 'Sign in');
  await withoutFaults(page, 'sign-in');
  await enterPassword(page);
  await codeField(page).fill('000000');
  await press(page, 'Sign in');
  await seeText(page, /The code is not right/);
  await withoutFaults(page, 'sign-in-code');
  await codeField(page).fill(recoveryCodes[0] ?? '');
  await press(page, 'Sign in');
  await seeTitle(page, 'Keys');
});

test('other sessions are listed and can be ended', async () => {
  const { page, go } = owner;
  await go('/me/security');
  await page
    .getByRole('button', { name: /^End the session of/ })
    .first()
    .click();
  await seeText(page, 'That session has ended.');
  await expect.poll(() => page.getByRole('button', { name: /^End the session of/ }).count()).toBe(0);
});

test('a wrong password does not remove the second factor, and does not sign out', async () => {
  const { page } = owner;
  await press(page, 'Remove');
  const form = dialog(page, 'Remove the second factor?');
  await form.getByLabel('Your password').fill('not the password');
  await press(form, 'Remove it');
  await seeText(form, 'The password is not right.');
  await press(form, 'Cancel');
  await seeText(page, 'On');
});

test('somebody who must have a second factor is led to it and to nothing else', async () => {
  const { id, email } = await stage.newMember({ role: 'membership_admin' });
  const { url } = await stage.callNow(directory.createSignInLink, { params: { user_id: id } });
  await stage.callNow(directory.updateSignInSettings, { body: { second_factor: 'admins' } });
  const { page } = await stage.visit();
  await page.goto(url);
  await page.getByLabel('Password', { exact: true }).fill('a long enough password');
  await page.getByLabel('Password again', { exact: true }).fill('a long enough password');
  await press(page, 'Save and sign in');
  await seeTitle(page, 'Set up a second factor');
  await page.goto(`${stage.url}/members`);
  await seeTitle(page, 'Set up a second factor');
  await press(page, 'Continue');
  await page.getByRole('img', { name: 'QR code for the authenticator app' }).waitFor();
  await withoutFaults(page, 'second-factor-required');
  const seed = ((await page.locator('code').textContent()) ?? '').replaceAll(' ', '');
  await codeField(page).fill(new TOTP({ secret: Secret.fromBase32(seed) }).generate());
  await press(page, 'Confirm');
  await press(page, 'I have kept them');
  await seeTitle(page, 'Members');
  await seeText(page, email);
  await stage.callNow(directory.updateSignInSettings, { body: { second_factor: 'optional' } });
});

test('a provider is added, tested and switched on', async () => {
  const { page, go } = owner;
  await go('/identity');
  await follow(page, 'Identity');
  await seeText(page, 'No identity provider yet');
  await withoutFaults(page, 'identity-empty');
  await press(page, 'Add provider');
  const form = dialog(page, 'Add an identity provider');
  await form.getByLabel('Name').fill('Harbour SSO');
  await form.getByLabel('Issuer').fill(idp.issuer);
  await form.getByLabel('Client id').fill(CLIENT.id);
  await form.getByLabel('Client secret').fill(CLIENT.secret);
  await press(form, 'Add provider');
  await seeTitle(page, 'Harbour SSO');
  await press(page, 'Add domain');
  await page.getByLabel('Domain 1', { exact: true }).fill('example.com');
  await page.getByRole('combobox', { name: 'New members' }).click();
  await page.getByRole('option', { name: 'At sign-in, by groups' }).click();
  await press(page, 'Add mapping');
  await page.getByLabel('Group at the provider 1').fill('Viewers');
  await press(page, 'Save settings');
  await seeText(page, 'The settings are saved.');
  idp.choose('viewer');
  await page.getByRole('link', { name: 'Test connection' }).click();
  await seeText(page, 'It works');
  await seeText(page, 'A new member viewer@example.com would be made and signed in.');
  await withoutFaults(page, 'provider-tested');
  await press(page, 'Switch on');
  await seeText(page, 'members of its domains are led there');
});

test('members of its domains sign in through it, and see their account', async () => {
  idp.choose('viewer');
  const { page, go } = await stage.visit();
  await go('/me/keys');
  await page.getByLabel('E-mail address').fill('viewer@example.com');
  await press(page, 'Continue');
  await page.getByRole('link', { name: 'Continue with Harbour SSO' }).waitFor();
  await withoutFaults(page, 'sign-in-provider');
  await page.getByRole('link', { name: 'Continue with Harbour SSO' }).click();
  await seeTitle(page, 'My access');
  expect(new URL(page.url()).pathname).toBe('/me/keys');
  await page.goto(`${stage.url}/me/security`);
  await seeText(page, 'Single sign-on');
  await seeText(page, 'viewer@example.com');
  await withoutFaults(page, 'security-sso');
});

test('an administrator unlinks the account of a member and signs them out, having read what ends', async () => {
  idp.choose('viewer');
  const { page } = owner;
  const [viewer] = (await stage.callNow(directory.listUsers, { query: { email: 'viewer@example.com' } })).data;
  await owner.go(`/members/${viewer?.id}`);
  const section = page.getByRole('region', { name: 'Sign-in' });
  await seeText(section, 'Signed in at 1 place');
  await seeText(section, 'Harbour SSO: viewer@example.com');
  await withoutFaults(page, 'member-sign-in');
  await tabTo(page, section.getByRole('button', { name: 'Unlink viewer@example.com at Harbour SSO' }));
  await page.keyboard.press('Enter');
  const ask = dialog(page, /^Unlink viewer@example.com/);
  await seeText(ask, 'All of their sessions end at once.');
  await withoutFaults(page, 'unlink');
  await press(ask, 'Unlink the account');
  await seeText(section, 'No account at an identity provider signs in as this member.');
  await seeText(section, 'Signed in nowhere');
  const back = await stage.visit();
  await back.go('/me');
  await back.page.getByLabel('E-mail address').fill('viewer@example.com');
  await press(back.page, 'Continue');
  await back.page.getByRole('link', { name: 'Continue with Harbour SSO' }).click();
  await seeTitle(back.page, 'My access');
  await page.reload();
  await press(section, 'Sign out everywhere');
  await press(dialog(page, /^Sign .* out everywhere\?$/), 'Sign them out');
  await seeText(page, 'is signed out everywhere.');
  await back.go('/me');
  await seeTitle(back.page, 'Sign in');
});

test('an administrator resets a second factor that was lost', async () => {
  const { page } = owner;
  const { data } = await stage.callNow(directory.listUsers, { query: { roles: ['membership_admin'] } });
  await owner.go(`/members/${data[0]?.id}`);
  const section = page.getByRole('region', { name: 'Sign-in' });
  await seeText(section, /^On since/);
  await press(section, 'Reset second factor');
  const ask = dialog(page, /^Take the second factor of/);
  await seeText(ask, 'their recovery codes stop working');
  await press(ask, 'Reset the second factor');
  await seeText(section, 'Not set up');
  expect(await section.getByRole('button', { name: 'Reset second factor' }).isDisabled()).toBe(true);
  await withoutFaults(page, 'second-factor-reset');
});

test('whoever is refused reads why, on the sign-in page', async () => {
  idp.choose('nobody');
  const { page, go } = await stage.visit();
  await go('/sign-in');
  await page.getByLabel('E-mail address').fill('nobody@example.com');
  await press(page, 'Continue');
  await page.getByRole('link', { name: 'Continue with Harbour SSO' }).click();
  await seeText(page, 'None of your groups gives access here.');
  await withoutFaults(page, 'sign-in-refused');
});

test('enforcing it asks for an emergency account first', async () => {
  const { page, go } = owner;
  await go('/identity');
  await page.getByRole('link', { name: 'Harbour SSO' }).click();
  await seeTitle(page, 'Harbour SSO');
  await page.getByRole('switch', { name: 'Enforced for domain 1' }).check({ force: true });
  await press(page, 'Save settings');
  await seeText(page, /Name an owner as an emergency account first/);
});

test('an administrator who would lock themselves out is asked again, and lets it be', async () => {
  const { page, go } = owner;
  await go('/identity');
  await page.getByLabel('This console').check();
  await press(page, 'Add address');
  await page.getByLabel('Address or range 1').fill('192.0.2.0/24');
  await press(page, 'Save addresses');
  const ask = dialog(page, 'This would lock you out');
  await ask.waitFor();
  await withoutFaults(page, 'lock-out');
  await press(ask, 'Cancel');
  await page.getByLabel('Address or range 1').fill('127.0.0.0/8');
  await press(page, 'Save addresses');
  await seeText(page, 'The allowed addresses are saved.');
  await withoutFaults(page, 'identity');
});

test('a sign-in link asks somebody who has a second factor for a code of it', async () => {
  const password = 'a horse, correct and stapled';
  const { id } = await stage.callNow(directory.addUser, {
    body: { email: 'lin@elsewhere.example', name: 'Lin', role: 'user' },
  });
  const newLink = async () =>
    new URL((await stage.callNow(directory.createSignInLink, { params: { user_id: id } })).url);
  const post = async (path: string, body: object, cookie = '') => {
    const headers = { cookie, origin: stage.url, 'remit-console': 'active', 'content-type': 'application/json' };
    const answer = await fetch(stage.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return { cookie: answer.headers.getSetCookie()[0]?.split(';')[0] ?? '', body: (await answer.json()) as never };
  };
  const token = (await newLink()).searchParams.get('token');
  const { cookie } = await post('/v1/session/link/redeem', { token, password });
  const begun = await post('/v1/me/security/second_factor', {}, cookie);
  const code = new TOTP({ secret: Secret.fromBase32((begun.body as { secret: string }).secret) }).generate();
  const set = await post('/v1/me/security/second_factor/confirm', { code }, cookie);
  const [recovery = ''] = (set.body as { recovery_codes: string[] }).recovery_codes;

  const { page, go } = await stage.visit();
  const { pathname, search } = await newLink();
  await go(pathname + search);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Password again').fill(password);
  await press(page, 'Save and sign in');
  await seeText(page, 'Enter the code.');
  await withoutFaults(page, 'link-with-second-factor');
  await codeField(page).fill(recovery);
  await press(page, 'Save and sign in');
  await page.waitForURL(`${stage.url}/me`);
});
