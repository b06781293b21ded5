import type { PrepaidBalance } from '../../../../spend/contract.ts';
import { centsOfDollars, dollarsOf } from '../../../kit/money.ts';

type AutoReload = PrepaidBalance['auto_reload'];

/** The settings of auto-reload as the form holds them, in dollars; an empty maximum is none. */
export type ReloadValues = {
  readonly isOn: boolean;
  readonly threshold: number | string;
  readonly amount: number | string;
  readonly maximum: number | string;
};

/** Dollars for a field; nothing stands for what was never set. */
const fieldOf = (cents: string): number | string => (dollarsOf(cents) === 0 ? '' : dollarsOf(cents));

export const valuesOf = (reload: AutoReload): ReloadValues => ({
  isOn: reload.is_enabled,
  threshold: fieldOf(reload.threshold),
  amount: fieldOf(reload.amount),
  maximum: reload.monthly_maximum === null ? '' : dollarsOf(reload.monthly_maximum),
});

/** What is sent to change the settings. */
export const reloadOf = ({ isOn, threshold, amount, maximum }: ReloadValues): AutoReload => ({
  is_enabled: isOn,
  threshold: centsOfDollars(Number(threshold)),
  amount: centsOfDollars(Number(amount)),
  monthly_maximum: maximum === '' ? null : centsOfDollars(Number(maximum)),
});

/** What is missing, by field; empty while auto-reload is off. */
export const problemsOf = ({
  isOn,
  threshold,
  amount,
  maximum,
}: ReloadValues): Partial<Record<'threshold' | 'amount' | 'maximum', string>> => {
  if (!isOn) return {};
  return {
    ...(Number(threshold) > 0 ? {} : { threshold: 'Enter the balance below which credit is added.' }),
    ...(Number(amount) > 0 ? {} : { amount: 'Enter how much is added at a time.' }),
    ...(maximum !== '' && Number(maximum) < Number(amount)
      ? { maximum: 'Less than is added at a time: nothing would ever be added.' }
      : {}),
  };
};
