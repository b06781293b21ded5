import { createClient } from '../../src/platform/contract.ts';
import * as spend from '../../src/spend/contract.ts';
import type { MakeChange } from './changes.ts';
import type { Organisation } from './organisation.ts';

let amount = 10_000;
/** An amount no limit has yet, so that setting it changes something. */
const another = (): string => {
  amount += 1;
  return String(amount);
};

const limitOfSomebody = async (at: Organisation) => {
  const scope = { type: 'user' as const, user_id: (await at.newMember()).id };
  return at.call(spend.setSpendLimit, { body: { scope, amount: another() } });
};

/** A member with a limit of their own, who has not asked for more yet. */
const limited = async (at: Organisation) => {
  const member = await at.newMember();
  await at.call(spend.setSpendLimit, { body: { scope: { type: 'user', user_id: member.id }, amount: another() } });
  return member;
};

/** A request of somebody for more. */
const asked = async (at: Organisation): Promise<string> => {
  const { key } = await limited(at);
  const as = createClient({ baseUrl: at.url, headers: { 'x-api-key': key } });
  return (await as(spend.askForIncrease, { body: {} })).requests[0]?.id ?? '';
};

const discount = {
  kind: 'discount' as const,
  scope: { type: 'family' as const, family: 'mythos' },
  percent: '1',
  starting_date: '2026-01-01',
};

/** One call of each change of limits and prices. */
export const SPEND_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/organizations/spend_limits': async (at) => ({
    body: { scope: { type: 'user', user_id: (await at.newMember()).id }, amount: another() },
  }),
  'DELETE /v1/organizations/spend_limits/:spend_limit_id': async (at) => ({
    params: { spend_limit_id: (await limitOfSomebody(at)).id },
  }),
  'POST /v1/organizations/spend_settings': async (at) => {
    const { multi_group_limit } = await at.call(spend.getSpendSettings);
    return { body: { multi_group_limit: multi_group_limit === 'lower' ? 'higher' : 'lower' } };
  },
  'POST /v1/organizations/spend_limit_increase_requests/:request_id/approve': async (at) => ({
    params: { request_id: await asked(at) },
    body: { amount: another() },
  }),
  'POST /v1/organizations/spend_limit_increase_requests/:request_id/deny': async (at) => ({
    params: { request_id: await asked(at) },
    body: {},
  }),
  'POST /v1/me/spend_limits/increase_requests': async (at) => ({ key: (await limited(at)).key, body: {} }),
  'POST /v1/organizations/prepaid': async () => ({
    body: { auto_reload: { is_enabled: false, threshold: '100', amount: another(), monthly_maximum: null } },
  }),
  'POST /v1/organizations/prepaid/orders': async () => ({ body: { amount: another() } }),
  'POST /v1/organizations/spend_ledger/rebuild': async () => ({ body: {} }),
  'POST /v1/organizations/seat_tier_usage': async () => ({ body: { seat_tier: 'premium', amount: another() } }),
  'POST /v1/organizations/prices/rules': async () => ({ body: { rule: discount } }),
  'POST /v1/organizations/prices/rules/:rule_id': async (at) => ({
    params: { rule_id: (await at.call(spend.createPriceRule, { body: { rule: discount } })).id },
    body: { ending_date: '2999-01-01' },
  }),
  'DELETE /v1/organizations/prices/rules/:rule_id': async (at) => ({
    params: { rule_id: (await at.call(spend.createPriceRule, { body: { rule: discount } })).id },
  }),
  'POST /v1/organizations/reratings': async () => ({
    body: { starting_date: '2026-01-01', ending_date: '2026-01-02' },
  }),
};
