import { afterAll, beforeAll, expect, test } from 'vitest';
import { listActivities } from '../../src/activity/contract.ts';
import { readConfig } from '../../src/main/config.ts';
import { makeEmergencyLink } from '../../src/main/emergency-owner.ts';
import { directory, type Remit, startRemit } from '../support/remit.ts';
import { waitFor } from '../support/wait.ts';

const PASSWORD = 'an emergency password';

let remit: Remit;
beforeAll(async () => {
  remit = await startRemit();
});
afterAll(() => remit.stop());

const make = async (options: { email?: string; liftsAllowList?: boolean } = {}) => {
  const config = readConfig({ REMIT_CONFIG: `${remit.folder}/remit.yaml`, REMIT_DATA_DIR: remit.folder });
  const { url } = await makeEmergencyLink(config, { liftsAllowList: false, ...options });
  return new URL(url).searchParams.get('token') ?? '';
};

const redeem = (body: object) =>
  fetch(`${remit.url}/v1/session/link/redeem`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: remit.url },
    body: JSON.stringify({ password: PASSWORD, ...body }),
  });

const typesOf = async () => (await remit.call(listActivities)).data.map(({ type }) => type);

test('lets a suspended member in as an owner while the server runs, and records both steps', async () => {
  const { email, id } = await remit.newMember();
  const token = await make({ email });
  const session = (await (await redeem({ token })).json()) as directory.Session;
  expect(session.user).toMatchObject({ id, role: 'owner' });
  const types = await typesOf();
  expect(types).toContain('remit_emergency_link_created');
  expect(types).toContain('remit_emergency_access_used');
  const { break_glass_user_ids: ids } = await remit.call(directory.getSignInSettings);
  expect(ids).toContain(id);
  expect((await redeem({ token })).status).toBe(404);
});

test('adds a new owner where nobody is named, and refuses an address that is nobody’s', async () => {
  const token = await make();
  const response = await redeem({ token, email: 'rescue@example.com', name: 'Rescue' });
  expect(((await response.json()) as directory.Session).user).toMatchObject({ email: 'rescue@example.com' });
  await expect(make({ email: 'nobody@example.com' })).rejects.toThrow(/Nobody here has the address/);
});

test('switches a list of addresses off that keeps everybody out, at once', async () => {
  const entries = [{ range: '192.0.2.1', note: '' }];
  await remit.callNow(directory.setIpAllowList, { body: { entries, surfaces: ['console', 'api'], force: true } });
  const status = async () => (await fetch(`${remit.url}/v1/session`)).status;
  expect(await status()).toBe(403);
  await make({ liftsAllowList: true });
  await waitFor('everybody to be let in', async () => (await status()) === 200, 2000);
  expect((await remit.call(directory.getIpAllowList)).surfaces).toEqual([]);
});

test('finds no database where there is none', async () => {
  const config = readConfig({ REMIT_CONFIG: `${remit.folder}/remit.yaml`, REMIT_DATA_DIR: `${remit.folder}/nothing` });
  await expect(makeEmergencyLink(config, { liftsAllowList: false })).rejects.toThrow(/There is no database/);
});
