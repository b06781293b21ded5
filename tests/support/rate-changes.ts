import * as directory from '../../src/directory/contract.ts';
import * as spend from '../../src/spend/contract.ts';
import type { MakeChange } from './changes.ts';

const TIERS = ['start', 'build', 'scale', 'custom'] as const;

let rate = 100;
/** A value no rate limit has yet. */
const anotherRate = (): number => {
  rate += 1;
  return rate;
};

const rateChange = () => [{ type: 'requests_per_minute' as const, value: anotherRate() }];

/** One call of each change of rates. */
export const RATE_CHANGES: Readonly<Record<string, MakeChange>> = {
  'POST /v1/organizations/rate_tier': async (at) => {
    const { tier } = await at.call(spend.getRateTier);
    return { body: { tier: TIERS.find((other) => other !== tier) } };
  },
  'POST /v1/organizations/rate_limits/:rate_limit_id': async (at) => {
    await at.call(spend.setRateTier, { body: { tier: 'custom' } });
    return { params: { rate_limit_id: 'rlg_claude_opus_5' }, body: { limits: rateChange() } };
  },
  'POST /v1/organizations/workspaces/:workspace_id/rate_limits/:rate_limit_id': async (at) => {
    const { id } = await at.call(directory.createWorkspace, { body: { name: `limited ${anotherRate()}` } });
    return { params: { workspace_id: id, rate_limit_id: 'rlg_claude_opus_5' }, body: { limits: rateChange() } };
  },
  'POST /v1/organizations/rate_limit_overrides': async (at) => ({
    body: {
      scope: { type: 'user', user_id: (await at.newMember()).id },
      rate_limit_id: 'rlg_all_models',
      limits: rateChange(),
    },
  }),
};
