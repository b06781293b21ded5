import * as spend from '../../spend/contract.ts';
import type { Office } from './office.ts';
import { SHOWN } from './organisation.ts';
import { HOUR_MS } from './schedule.ts';
import { idOf, personAt, type SetUp } from './set-up.ts';

const MINUTE_MS = 60_000;
const CENTS = 100;

/** People who ask for more than their limit, beside the member who is shown. */
const ASKING = ['Emeka Nwosu', 'Jun Takahashi'] as const;

/** What somebody, or the organisation, has spent this month, in cents. */
const spentBy = async ({ call }: Office, userId?: string): Promise<number> =>
  Number((await call(spend.getSpend, { query: userId === undefined ? {} : { user_id: userId } })).amount);

/** An amount of whole dollars, at least one, of which `cents` is about so large a share; in cents. */
const limitAt = (cents: number, share: number): string =>
  String(Math.max(1, Math.round(cents / share / CENTS)) * CENTS);

type Limit = Parameters<typeof setLimit>[1];

const setLimit = async (
  { call, wait }: Office,
  body: {
    readonly scope: spend.SpendLimit['scope'];
    readonly amount: string;
    readonly period?: 'daily' | 'weekly' | 'monthly' | null;
    readonly mode?: 'standard' | 'strict';
    readonly ladder?: spend.LadderStep[];
  },
): Promise<void> => {
  await call(spend.setSpendLimit, { body });
  wait(MINUTE_MS);
};

const BEFORE_THE_TOTAL: spend.LadderStep[] = [
  { at_percent: 80, action: 'notify' },
  { at_percent: 95, action: 'restrict_models', families: ['haiku', 'sonnet'] },
];

const limitsOf = async (office: Office, { userIds, groupIds }: SetUp): Promise<readonly Limit[]> => {
  const total = await spentBy(office);
  const user = async (name: string, share: number): Promise<Limit> => {
    const user_id = idOf(userIds, name);
    return { scope: { type: 'user', user_id }, amount: limitAt(await spentBy(office, user_id), share) };
  };
  return [
    {
      scope: { type: 'organization_total' },
      amount: limitAt(total, 0.72),
      mode: 'standard',
      ladder: BEFORE_THE_TOTAL,
    },
    { scope: { type: 'organization' }, amount: '15000' },
    { scope: { type: 'organization' }, amount: '2500', period: 'daily' },
    { scope: { type: 'rbac_group', rbac_group_id: idOf(groupIds, 'Contractors') }, amount: '4000' },
    { scope: { type: 'rbac_group', rbac_group_id: idOf(groupIds, 'Research') }, amount: '30000' },
    { scope: { type: 'session' }, amount: '1000', period: null },
    await user(SHOWN.member, 0.82),
    await user(ASKING[0], 0.96),
    await user(ASKING[1], 0.88),
  ];
};

const setRates = async ({ call, wait }: Office, { groupIds, userIds }: SetUp): Promise<void> => {
  await call(spend.setRateTier, { body: { tier: 'build' } });
  wait(MINUTE_MS);
  await call(spend.setRateLimitOverride, {
    body: {
      scope: { type: 'rbac_group', rbac_group_id: idOf(groupIds, 'Contractors') },
      rate_limit_id: 'rlg_all_models',
      limits: [
        { type: 'requests_per_minute', value: 60 },
        { type: 'output_tokens_per_minute', value: 80_000 },
      ],
    },
  });
  wait(MINUTE_MS);
  await call(spend.setRateLimitOverride, {
    body: {
      scope: { type: 'user', user_id: idOf(userIds, ASKING[0]) },
      rate_limit_id: 'rlg_all_models',
      limits: [{ type: 'tokens_per_day', value: 20_000_000 }],
    },
  });
};

/** What seats include is used first, and credit that was paid for is what everybody spends from. */
const setSeatsAndCredit = async ({ call, wait }: Office): Promise<void> => {
  await call(spend.setSeatTierUsage, { body: { seat_tier: 'premium', amount: '5000', period: 'monthly' } });
  await call(spend.setSeatTierUsage, { body: { seat_tier: 'standard', amount: '1000', period: 'monthly' } });
  wait(MINUTE_MS);
  const auto_reload = { is_enabled: true, threshold: '50000', amount: '100000', monthly_maximum: '300000' };
  await call(spend.updatePrepaidSettings, { body: { is_enabled: true, auto_reload } });
};

/** Agrees late on a discount that holds from the first of the month: re-rating has something to find. */
const agreeOnDiscount = ({ call }: Office, now: number): Promise<unknown> => {
  const starting_date = `${new Date(now).toISOString().slice(0, 7)}-01`;
  const scope = { type: 'family', family: 'opus' } as const;
  return call(spend.createPriceRule, { body: { rule: { kind: 'discount', scope, percent: '12.5', starting_date } } });
};

/** Sets limits around what has been spent, so that some people are near theirs and ask for more, a rate tier, a discount, what seats include and a prepaid balance. */
export const setMoneyRules = async (office: Office, setUp: SetUp, now: number): Promise<void> => {
  office.goTo(now - 2 * HOUR_MS);
  office.actAs(personAt(SHOWN.owner, setUp));
  for (const limit of await limitsOf(office, setUp)) await setLimit(office, limit);
  await setRates(office, setUp);
  await agreeOnDiscount(office, now);
  await setSeatsAndCredit(office);
  for (const name of [SHOWN.member, ...ASKING]) {
    office.wait(9 * MINUTE_MS);
    office.actAs(personAt(name, setUp));
    await office.call(spend.askForIncrease, { body: { period: 'monthly' } });
  }
  office.actAs(personAt(SHOWN.owner, setUp));
  const { data } = await office.call(spend.listIncreaseRequests, { query: { status: ['pending'] } });
  const decided = data.find(({ actor }) => actor.type === 'user_actor' && actor.name === ASKING[1]);
  office.wait(9 * MINUTE_MS);
  if (decided !== undefined)
    await office.call(spend.approveIncreaseRequest, { params: { request_id: decided.id }, body: { amount: '6000' } });
};
