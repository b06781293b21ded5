import type { Declared } from './declared.ts';
import { NONE, UNLIMITED } from './declared-limits.ts';
import type { DeclaredIncluded, DeclaredPrepaid, DeclaredSpend } from './declared-money.ts';
import { inDollars, toCents } from './in-cents.ts';
import type { IncludedState, PrepaidState, SettingsState, SpendState } from './money-state.ts';
import { type Line, type Problem, type Step, step } from './step.ts';

/** What is said about spend beside limits, as it will be. */
export type SpendPlan = { readonly steps: readonly Step[]; readonly problems: readonly Problem[] };

const noneIsNull = (said: string | undefined, now: string | null): string | null =>
  said === undefined ? now : said === NONE ? null : said;

const wantedSettings = (said: DeclaredSpend, now: SettingsState): SettingsState => ({
  multi_group_limit: said.multi_group_limit ?? now.multi_group_limit,
  increase_requests: said.increase_requests ?? now.increase_requests,
  thresholds: said.thresholds === undefined ? now.thresholds : [...new Set(said.thresholds)].toSorted((a, b) => a - b),
  store_outage: {
    mode: said.store_outage?.mode ?? now.store_outage.mode,
    grace_seconds: said.store_outage?.grace_seconds ?? now.store_outage.grace_seconds,
  },
  ask_for_more: {
    url: noneIsNull(said.ask_for_more?.url, now.ask_for_more.url),
    sentence: noneIsNull(said.ask_for_more?.sentence, now.ask_for_more.sentence),
  },
});

const onOrOff = (is: boolean): string => (is ? 'on' : 'off');

const outageInWords = ({ mode, grace_seconds: seconds }: SettingsState['store_outage']): string =>
  mode === 'closed' ? `closed, a grace of ${seconds} s` : `open for ${seconds} s`;

const askInWords = ({ url, sentence }: SettingsState['ask_for_more']): string =>
  [url ?? 'no address', sentence === null ? 'no sentence' : `“${sentence}”`].join(', ');

type InWords = { readonly [Name in keyof SettingsState]: (value: SettingsState[Name]) => string };

const LABELS: { readonly [Name in keyof SettingsState]: string } = {
  multi_group_limit: 'of several groups’ limits, the one that counts',
  increase_requests: 'requests for more',
  thresholds: 'people are told at these percentages of a limit',
  store_outage: 'requests while the store cannot be reached',
  ask_for_more: 'who needs more is sent to',
};

const WORDS: InWords = {
  multi_group_limit: (which) => which,
  increase_requests: onOrOff,
  thresholds: (percents) => (percents.length === 0 ? NONE : percents.join(', ')),
  store_outage: outageInWords,
  ask_for_more: askInWords,
};

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const settingLine = <Name extends keyof SettingsState>(
  name: Name,
  wanted: SettingsState,
  now: SettingsState,
): readonly Line[] =>
  isSame(wanted[name], now[name])
    ? []
    : [
        {
          change: 'update',
          sentence: `${LABELS[name]}: ${WORDS[name](wanted[name])} (was ${WORDS[name](now[name])})`,
        },
      ];

const NAMES = Object.keys(LABELS) as readonly (keyof SettingsState)[];

const planSettings = (said: DeclaredSpend | undefined, now: SettingsState | null): readonly Step[] => {
  if (said === undefined || now === null) return [];
  const wanted = wantedSettings(said, now);
  const changed = NAMES.filter((name) => !isSame(wanted[name], now[name]));
  if (changed.length === 0) return [];
  const settings = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
  const lines = changed.flatMap((name) => settingLine(name, wanted, now));
  return [{ action: { kind: 'set-spend-settings', settings }, lines }];
};

const wantedIncluded = (said: DeclaredIncluded): IncludedState | null => {
  if (said === NONE) return null;
  const { amount, period = 'monthly' } = typeof said === 'object' ? said : { amount: said };
  return { amount: toCents(amount), period };
};

const includedInWords = (included: IncludedState | null): string =>
  included === null ? 'nothing' : `${inDollars(included.amount)} ${included.period}`;

const planIncluded = (said: Declared['organisation']['included'], now: SpendState['included']): readonly Step[] =>
  Object.entries(said ?? {}).flatMap(([seatTier, one]) => {
    const wanted = wantedIncluded(one);
    const before = now?.[seatTier] ?? null;
    if (now === null || isSame(wanted, before)) return [];
    const sentence = `a seat “${seatTier}” includes ${includedInWords(wanted)} (was ${includedInWords(before)})`;
    const { amount, period } = wanted ?? { amount: null, period: 'monthly' as const };
    return [step('update', sentence, { kind: 'set-included', seatTier, amount, period })];
  });

const wantedPrepaid = (said: DeclaredPrepaid, now: PrepaidState): PrepaidState => {
  const { enabled, below, amount, monthly_maximum: most } = said.auto_reload ?? {};
  const cents = (dollars: number | undefined, before: string): string =>
    dollars === undefined ? before : toCents(dollars);
  return {
    is_enabled: said.enabled ?? now.is_enabled,
    mode: said.mode ?? now.mode,
    auto_reload: {
      is_enabled: enabled ?? now.auto_reload.is_enabled,
      threshold: cents(below, now.auto_reload.threshold),
      amount: cents(amount, now.auto_reload.amount),
      monthly_maximum: most === undefined ? now.auto_reload.monthly_maximum : most === UNLIMITED ? null : toCents(most),
    },
  };
};

const reloadInWords = ({ is_enabled: isOn, threshold, amount, monthly_maximum: most }: PrepaidState['auto_reload']) =>
  `${onOrOff(isOn)}, ${inDollars(amount)} below ${inDollars(threshold)}, at most ${inDollars(most)} a month`;

const PREPAID_WORDS = {
  is_enabled: (prepaid: PrepaidState) => `spend counts against the prepaid balance: ${onOrOff(prepaid.is_enabled)}`,
  mode: (prepaid: PrepaidState) => `mode of the prepaid balance: ${prepaid.mode}`,
  auto_reload: (prepaid: PrepaidState) => `credit is bought by itself: ${reloadInWords(prepaid.auto_reload)}`,
} as const;

const planPrepaid = (said: DeclaredPrepaid | undefined, now: PrepaidState | null): SpendPlan => {
  if (said === undefined || now === null) return { steps: [], problems: [] };
  const wanted = wantedPrepaid(said, now);
  if (wanted.auto_reload.is_enabled && Number(wanted.auto_reload.amount) === 0) {
    const problem = 'Say with “amount” how many dollars to buy at a time before credit is bought by itself.';
    return { steps: [], problems: [{ path: ['organisation', 'prepaid', 'auto_reload'], problem }] };
  }
  const names = (['is_enabled', 'mode', 'auto_reload'] as const).filter((name) => !isSame(wanted[name], now[name]));
  if (names.length === 0) return { steps: [], problems: [] };
  const settings = Object.fromEntries(names.map((name) => [name, wanted[name]]));
  const lines = names.map((name) => ({ change: 'update' as const, sentence: PREPAID_WORDS[name](wanted) }));
  return { steps: [{ action: { kind: 'set-prepaid', settings }, lines }], problems: [] };
};

/** Plans how limits work, what seats include and what is prepaid: as far as the files speak of it. */
export const planSpend = ({ spend, included, prepaid }: Declared['organisation'], now: SpendState): SpendPlan => {
  const ofPrepaid = planPrepaid(prepaid, now.prepaid);
  return {
    steps: [...planSettings(spend, now.settings), ...planIncluded(included, now.included), ...ofPrepaid.steps],
    problems: ofPrepaid.problems,
  };
};
