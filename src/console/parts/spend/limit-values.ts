import type { BodyOf } from '../../../platform/contract.ts';
import {
  type LadderStep,
  type SpendLimit,
  type setSpendLimit,
  spendScope,
  targetOfScope,
} from '../../../spend/contract.ts';
import { centsOfDollars, dollarsOf } from '../../kit/money.ts';
import type { Mode, Period, ScopeType } from './words.ts';

/** What a limit can allow. */
export type Allowance = 'amount' | 'unlimited' | 'nothing';

/** A limit as the form holds it. */
export type LimitValues = {
  readonly type: ScopeType;
  /** The id of a member, group, workspace or key, or a type of seat; empty for scopes of which there is one. */
  readonly target: string;
  readonly period: Period;
  readonly allowance: Allowance;
  readonly dollars: number | string;
  readonly mode: Mode;
  readonly isEnabled: boolean;
  readonly ladder: readonly LadderStep[];
};

const allowanceOf = (amount: string | null): Allowance =>
  amount === null ? 'unlimited' : dollarsOf(amount) === 0 ? 'nothing' : 'amount';

/** The form's values for a limit that is set. */
export const valuesOf = (limit: SpendLimit): LimitValues => ({
  type: limit.scope.type,
  target: targetOfScope(limit.scope),
  period: limit.period ?? 'monthly',
  allowance: allowanceOf(limit.amount),
  dollars: limit.amount === null ? '' : dollarsOf(limit.amount),
  mode: limit.mode,
  isEnabled: limit.is_enabled,
  ladder: limit.ladder,
});

/** The form's values for a new limit of a scope. */
export const newValues = (type: ScopeType, target = ''): LimitValues => ({
  type,
  target,
  period: 'monthly',
  allowance: 'amount',
  dollars: '',
  mode: 'standard',
  isEnabled: true,
  ladder: [],
});

const amountOf = ({ allowance, dollars }: LimitValues): string | null => {
  if (allowance === 'unlimited') return null;
  return allowance === 'nothing' ? '0' : centsOfDollars(Number(dollars));
};

/** What is sent to set the limit. */
export const bodyOf = (values: LimitValues): BodyOf<typeof setSpendLimit> => ({
  scope: spendScope(values.type, values.target.trim()),
  amount: amountOf(values),
  period: values.type === 'session' ? null : values.period,
  mode: values.mode,
  is_enabled: values.isEnabled,
  ladder: [...values.ladder].sort((a, b) => a.at_percent - b.at_percent),
});

const NEEDS_TARGET: Readonly<Record<ScopeType, string | null>> = {
  organization: null,
  organization_total: null,
  session: null,
  seat_tier: 'Name the type of seat.',
  rbac_group: 'Choose the group.',
  rbac_group_pool: 'Choose the group.',
  user: 'Choose the member.',
  workspace: 'Choose the workspace.',
  api_key: 'Choose the key.',
};

/** What is missing before a limit can be set, by field; empty when nothing is. */
export const problemsOf = (values: LimitValues): Readonly<Partial<Record<'target' | 'dollars' | 'ladder', string>>> => {
  const target = values.target.trim() === '' ? NEEDS_TARGET[values.type] : null;
  const wantsAmount = values.allowance === 'amount' && !(Number(values.dollars) > 0);
  const isStepOpen = values.ladder.some((step) => step.action === 'restrict_models' && step.families.length === 0);
  return {
    ...(target === null ? {} : { target }),
    ...(wantsAmount ? { dollars: 'Enter an amount above zero, or choose “Nothing” below.' } : {}),
    ...(isStepOpen ? { ladder: 'Choose at least one family of models that may still be used.' } : {}),
  };
};
