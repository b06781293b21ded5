import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../src/platform/contract.ts';
import { send } from '../support/http.ts';
import { answerWell, bodyOf } from '../support/messages.ts';
import { directory, type Member, type Remit, spend, startRemit } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';

/** Limits as whoever sends requests meets them: what an administrator changes holds for the next request. */

let remit: Remit;
let upstream: TestUpstream;
beforeAll(async () => {
  upstream = await openUpstreamServer(answerWell);
  remit = await startRemit({ upstreamUrl: upstream.url });
  await remit.allowAll();
});
afterAll(async () => {
  await remit.stop();
  await upstream.close();
});

const ask = async ({ key }: Pick<Member, 'key'>) => {
  const { status, headers } = await send({ url: remit.url, path: '/v1/messages', key, body: bodyOf() });
  // What it cost is counted once its usage is written.
  if (status === 200) await remit.decision(String(headers['request-id']));
  return status;
};

const userScope = ({ id }: Member) => ({ type: 'user' as const, user_id: id });
const set = (scope: spend.SpendScope, amount: string | null, more: object = {}) =>
  remit.call(spend.setSpendLimit, { body: { scope, amount, ...more } });

test('a limit holds from the next request on: nothing, more by approval, none', async () => {
  const ada = await remit.newMember();
  expect(await ask(ada)).toBe(200);
  const { id } = await set(userScope(ada), '0');
  expect(await ask(ada)).toBe(429);
  const as = createClient({ baseUrl: remit.url, headers: { 'x-api-key': ada.key } });
  const mine = await as(spend.askForIncrease, { body: {} });
  expect(mine.limits).toMatchObject([{ kind: 'own', state: 'reached', amount: '0', remaining: '0' }]);
  expect(Number(mine.limits[0]?.used)).toBeGreaterThan(0);
  const params = { request_id: mine.requests[0]?.id ?? '' };
  await remit.call(spend.approveIncreaseRequest, { params, body: { amount: '1000' } });
  expect(await ask(ada)).toBe(200);
  await set(userScope(ada), '0');
  expect(await ask(ada)).toBe(429);
  await remit.call(spend.deleteSpendLimit, { params: { spend_limit_id: id } });
  expect(await ask(ada)).toBe(200);
});

test('joining a group or changing seats changes the limit with the next request', async () => {
  const ada = await remit.newMember();
  const group = await remit.call(directory.createGroup, { body: { name: 'Spends nothing' } });
  await set({ type: 'rbac_group', rbac_group_id: group.id }, '0');
  expect(await ask(ada)).toBe(200);
  await remit.call(directory.addGroupMember, { params: { group_id: group.id }, body: { user_id: ada.id } });
  expect(await ask(ada)).toBe(429);
  await remit.call(directory.removeGroupMember, { params: { group_id: group.id, user_id: ada.id } });
  expect(await ask(ada)).toBe(200);
  await set({ type: 'seat_tier', seat_tier: 'trial' }, '0');
  await remit.call(directory.updateUser, { params: { user_id: ada.id }, body: { seat_tier: 'trial' } });
  expect(await ask(ada)).toBe(429);
  await remit.call(spend.setSeatTierUsage, { body: { seat_tier: 'trial', amount: '1000', period: 'monthly' } });
  expect(await ask(ada)).toBe(200);
});

test('an empty prepaid balance stops everybody until credit is bought, and counts only while it is on', async () => {
  const ada = await remit.newMember();
  expect(await ask(ada)).toBe(200);
  await remit.call(spend.updatePrepaidSettings, { body: { is_enabled: true } });
  expect(await ask(ada)).toBe(429);
  await remit.call(spend.createPrepaidOrder, { body: { kind: 'purchase', amount: '500' } });
  expect(await ask(ada)).toBe(200);
  const { funded, spent, balance } = await remit.call(spend.getPrepaidBalance);
  expect(funded).toBe('500');
  expect(Number(spent)).toBeGreaterThan(0);
  expect(Number(balance)).toBeCloseTo(500 - Number(spent), 3);
  await remit.call(spend.createPrepaidOrder, { body: { kind: 'adjustment', amount: '-500' } });
  expect(await ask(ada)).toBe(429);
  const auto_reload = { is_enabled: true, threshold: '100', amount: '300', monthly_maximum: '300' };
  await remit.call(spend.updatePrepaidSettings, { body: { auto_reload } });
  await expect.poll(() => ask(ada), { timeout: 9000 }).toBe(200);
  expect(await remit.call(spend.getPrepaidBalance)).toMatchObject({ reloaded_this_month: '300' });
  await remit.call(spend.updatePrepaidSettings, { body: { is_enabled: false } });
  const before = (await remit.call(spend.getPrepaidBalance)).spent;
  expect(await ask(ada)).toBe(200);
  expect((await remit.call(spend.getPrepaidBalance)).spent).toBe(before);
}, 20_000);
