import { NONE } from './rules/declared-limits.ts';
import type { DeclaredIncluded, DeclaredPrepaid, DeclaredRates, DeclaredSpend } from './rules/declared-money.ts';
import { toDollars } from './rules/in-cents.ts';
import type { PrepaidState, RateNumbers, RateScopeType, SettingsState } from './rules/money-state.ts';
import type { State } from './rules/state.ts';
import { amountOf, limitsOf, present, section } from './write-limits.ts';

const settingsOf = (settings: SettingsState | null): DeclaredSpend | undefined =>
  settings === null
    ? undefined
    : {
        multi_group_limit: settings.multi_group_limit,
        increase_requests: settings.increase_requests,
        thresholds: settings.thresholds,
        store_outage: settings.store_outage,
        ask_for_more: {
          url: settings.ask_for_more.url ?? NONE,
          sentence: settings.ask_for_more.sentence ?? NONE,
        },
      };

const includedOf = (included: State['spend']['included']): Readonly<Record<string, DeclaredIncluded>> | undefined =>
  section(
    Object.fromEntries(
      Object.entries(included ?? {})
        .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
        .map(([tier, { amount, period }]) => [tier, { amount: toDollars(amount), period }]),
    ),
  );

const isUnused = ({ is_enabled: isOn, auto_reload: reload }: PrepaidState): boolean =>
  !isOn && !reload.is_enabled && Number(reload.amount) === 0 && Number(reload.threshold) === 0;

const prepaidOf = (prepaid: PrepaidState | null): DeclaredPrepaid | undefined =>
  prepaid === null || isUnused(prepaid)
    ? undefined
    : {
        enabled: prepaid.is_enabled,
        mode: prepaid.mode,
        auto_reload: {
          enabled: prepaid.auto_reload.is_enabled,
          below: toDollars(prepaid.auto_reload.threshold),
          amount: toDollars(prepaid.auto_reload.amount),
          monthly_maximum: amountOf(prepaid.auto_reload.monthly_maximum),
        },
      };

/** The numbers of the tier custom that are other than those of scale; other tiers have none of their own. */
const customOf = (rates: NonNullable<State['rates']>): DeclaredRates | undefined => {
  if (rates.tier !== 'custom') return undefined;
  const own = (id: string, numbers: RateNumbers) =>
    Object.fromEntries(Object.entries(numbers).filter(([limiter, value]) => rates.scale[id]?.[limiter] !== value));
  return section(
    Object.fromEntries(
      Object.entries(rates.custom)
        .map(([id, numbers]) => [id, own(id, numbers)] as const)
        .filter(([, numbers]) => Object.keys(numbers).length > 0),
    ),
  );
};

/** What is said about money and rates of the organisation beside limits of spend. */
export const organisationMoney = ({ spend, rates }: State) =>
  present({
    spend: settingsOf(spend.settings),
    included: includedOf(spend.included),
    prepaid: prepaidOf(spend.prepaid),
    rates: rates === null ? undefined : present({ tier: rates.tier, custom: customOf(rates) }),
  });

/** The rate limits of what has this id; undefined for none. */
export const ratesOf = ({ rates }: State, type: RateScopeType, target: string): DeclaredRates | undefined =>
  section(
    Object.fromEntries(
      (rates?.overrides ?? [])
        .filter((one) => one.type === type && one.target === target)
        .map(({ pool, limits }) => [pool, limits]),
    ),
  );

/** What stands in the section of workspaces or of keys: those that have limits, by name, or by id where names are alike. */
export const limitedOf = (state: State, what: 'workspaces' | 'keys') => {
  const type = what === 'keys' ? ('api_key' as const) : ('workspace' as const);
  const all = state[what];
  const isAlone = (name: string) => all.filter((one) => one.name === name).length === 1;
  const entries = all.flatMap(({ id, name }) => {
    const said = section(present({ limits: limitsOf(state, type, id), rates: ratesOf(state, type, id) }));
    return said === undefined ? [] : [[isAlone(name) ? name : id, said] as const];
  });
  return section(Object.fromEntries(entries.toSorted(([one], [other]) => one.localeCompare(other, 'en'))));
};
