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

/** One call of each change of limits. */
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
  'POST /v1/organizations/seat_tier_usage': async () => ({ body: { seat_tier: 'premium', amount: another() } }),
};
