import { limitAmount } from './limit-words.ts';

type Update = { readonly type: string; readonly previous_value: unknown; readonly current_value: unknown };

const isUpdate = (value: unknown): value is Update => typeof value === 'object' && value !== null && 'type' in value;

/** Settings as people call them; what is not named here is called as it is written, without underscores. */
const LABELS: Readonly<Record<string, string>> = {
  max_effort: 'highest effort',
  new_models: 'new models arrive',
  effort_action: 'too high an effort',
};

/** What no value means, where it means something. */
const NONE: Readonly<Record<string, string>> = { max_effort: 'no cap' };

const WORDS: Readonly<Record<string, string>> = {
  clamp: 'lowered',
  refuse: 'refused',
  observe: 'only noted',
  inactive: 'switched off',
  archived: 'revoked',
};

const PERIODS: Readonly<Record<string, string>> = { daily: 'a day', weekly: 'a week', monthly: 'a month' };

/** One part of a setting that has several, such as an amount of cents and its period. */
const partInWords = ([name, value]: readonly [string, unknown]): string => {
  if (name === 'amount') return limitAmount(value === null ? null : Number(value));
  if (name === 'period') return PERIODS[String(value)] ?? String(value);
  return `${name.replaceAll('_', ' ')} ${String(value)}`;
};

/** `$50.00 a month`; parts that are no sentence together stand behind commas. */
const partsInWords = (value: object): string =>
  Object.entries(value)
    .map(partInWords)
    .join('amount' in value ? ' ' : ', ');

const valueInWords = (type: string, value: unknown): string => {
  if (value === null || value === undefined) return NONE[type] ?? 'none';
  if (type === 'name') return `“${String(value)}”`;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'object') return partsInWords(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return WORDS[String(value)] ?? String(value);
};

const inWords = ({ type, previous_value: previous, current_value: current }: Update): string => {
  if (type === 'enabled') return current === true ? 'switched on' : 'switched off';
  const label = LABELS[type] ?? type.replaceAll('_', ' ');
  return `${label} from ${valueInWords(type, previous)} to ${valueInWords(type, current)}`;
};

/** What changed, setting by setting: `switched on, highest effort from no cap to high`. */
export const updatesInWords = (updates: unknown): string => {
  const known = Array.isArray(updates) ? updates.filter(isUpdate) : [];
  return known.length === 0 ? 'nothing that is named' : known.map(inWords).join(', ');
};
