import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginDevice, type DeviceTokens, pollDevice, renewDevice } from '../support/device-sign-in.ts';
import { CLIENT, startIdentityProvider, type TestIdentityProvider } from '../support/identity-provider.ts';
import { directory } from '../support/organisation.ts';
import { seriousFaults } from './support/axe.ts';
import { dialog, press, seeText, seeTitle } from './support/page.ts';
import { OWNER, openStage, type Stage, type Visitor } from './support/stage.ts';

// Confirming the sign-in of Claude Code as people do it, and ending it.

let stage: Stage;
let idp: TestIdentityProvider;
let owner: Visitor;
beforeAll(async () => {
  idp = await startIdentityProvider();
  stage = await openStage({
    env: { REMIT_PRIVATE_IDENTITY_PROVIDERS: idp.issuer, REMIT_LOGIN_NOTICE: 'Use Claude Code only for work.' },
  });
  idp.sendBackTo(`${stage.url}/v1/session/callback`);
  owner = await stage.visitAsOwner();
});
afterAll(async () => {
  await stage.close();
  await idp.close();
});

const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error;

test('somebody who is not signed in signs in first, is led back to the code, and confirms it', async () => {
  const device = await beginDevice(stage);
  const { page, go } = await stage.visit();
  await go(`/device?user_code=${device.user_code}`);
  await seeTitle(page, 'Sign in');
  await page.getByLabel('E-mail address').fill(OWNER.email);
  await press(page, 'Continue');
  await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
  await press(page, 'Sign in');
  await seeText(page, 'Does this match the code on your device?');
  await seeText(page, device.user_code);
  await seeText(page, 'Use Claude Code only for work.');
  expect(await seriousFaults(page)).toEqual([]);
  // Looking at it has confirmed nothing.
  expect(await errorOf(await pollDevice(stage, device.device_code))).toBe('authorization_pending');
  await press(page, 'Yes, sign it in');
  await seeTitle(page, 'The device is signed in');
  expect(await seriousFaults(page)).toEqual([]);
  expect(await (await pollDevice(stage, device.device_code)).json()).toMatchObject({ email: OWNER.email });
});

test('a code is typed where there is no link; a wrong one is explained; denied, the device is told', async () => {
  const device = await beginDevice(stage);
  const { page, go } = owner;
  await go('/device');
  await page.getByLabel('Code').fill('BBBB-BBBB');
  await press(page, 'Continue');
  await seeText(page, /No device waits with this code/);
  expect(await seriousFaults(page)).toEqual([]);
  await page.getByLabel('Code').fill(device.user_code.toLowerCase().replace('-', ''));
  await press(page, 'Continue');
  await seeText(page, device.user_code);
  await press(page, 'No, deny it');
  await seeTitle(page, 'The device was turned away');
  expect(await errorOf(await pollDevice(stage, device.device_code))).toBe('access_denied');
});

test('whoever signs in through the identity provider is led back to the code as well', async () => {
  await stage.callNow(directory.createIdentityProvider, {
    body: {
      ...{ name: 'Corporate', issuer: idp.issuer, client_id: CLIENT.id, client_secret: CLIENT.secret, is_on: true },
      ...{ domains: [{ domain: 'example.com', is_enforced: false }], provisioning: 'jit' },
    },
  });
  idp.choose('viewer');
  const device = await beginDevice(stage);
  const { page, go } = await stage.visit();
  await go(`/device?user_code=${device.user_code}`);
  await page.getByLabel('E-mail address').fill('viewer@example.com');
  await press(page, 'Continue');
  await page.getByRole('link', { name: /Corporate/ }).click();
  await seeText(page, 'Does this match the code on your device?');
  await seeText(page, device.user_code);
});

const signedIn = async (): Promise<DeviceTokens> => {
  const device = await beginDevice(stage);
  await owner.go(`/device?user_code=${device.user_code}`);
  await press(owner.page, 'Yes, sign it in');
  await seeTitle(owner.page, 'The device is signed in');
  return (await (await pollDevice(stage, device.device_code)).json()) as DeviceTokens;
};

test('one’s own devices are listed and signed out', async () => {
  const { page, go } = owner;
  const tokens = await signedIn();
  await go('/me/security');
  const devices = page.getByRole('table', { name: 'Devices' });
  await seeText(devices, 'Claude Code 2.1.330');
  const before = await devices.getByRole('row').count();
  await devices
    .getByRole('button', { name: /^Sign out Claude Code/ })
    .first()
    .click();
  await press(dialog(page, 'Sign this device out?'), 'Sign it out');
  await seeText(page, 'The device is signed out.');
  await expect.poll(() => devices.getByRole('row').count(), { timeout: 10_000 }).toBeLessThan(before);
  expect((await renewDevice(stage, tokens.refresh_token)).status).toBe(401);
});

test('an administrator ends a member’s device on the member’s page', async () => {
  const { page, go } = owner;
  const tokens = await signedIn();
  const { data } = await stage.callNow(directory.listUsers, { query: { email: OWNER.email } });
  await go(`/members/${data[0]?.id}`);
  const devices = page.getByRole('table', { name: 'Devices' });
  await devices
    .getByRole('button', { name: /^Sign out Claude Code/ })
    .first()
    .click();
  await press(dialog(page, 'Sign this device out?'), 'Sign it out');
  await seeText(page, 'The device is signed out.');
  expect((await renewDevice(stage, tokens.refresh_token)).status).toBe(401);
});
