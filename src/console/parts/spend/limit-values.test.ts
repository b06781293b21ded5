import { describe, expect, it } from 'vitest';
import { SCOPES_BY_REACH, type SpendLimit } from '../../../spend/contract.ts';
import { bodyOf, type LimitValues, newValues, problemsOf, valuesOf } from './limit-values.ts';

const LIMIT: SpendLimit = {
  id: 'spl_1',
  type: 'spend_limit',
  scope: { type: 'rbac_group', rbac_group_id: 'rbac_group_1' },
  amount: '12550',
  currency: 'USD',
  period: 'weekly',
  is_enabled: false,
  mode: 'strict',
  ladder: [{ at_percent: 80, action: 'notify' }],
  created_at: '2026-11-01T00:00:00.000Z',
  updated_at: '2026-11-01T00:00:00.000Z',
};

const whole = (values: LimitValues): LimitValues => ({ ...values, dollars: 10 });

describe('a limit in its form', () => {
  it('is sent back as it was read when nothing is changed', () => {
    const { scope, amount, period, is_enabled, mode, ladder } = LIMIT;
    expect(bodyOf(valuesOf(LIMIT))).toEqual({ scope, amount, period, is_enabled, mode, ladder });
  });

  it.each([
    [null, 'unlimited'],
    ['0', 'nothing'],
    ['1', 'amount'],
  ] as const)('an amount of %s is %s, and goes back as it came', (amount, allowance) => {
    const values = valuesOf({ ...LIMIT, amount });
    expect(values.allowance).toBe(allowance);
    expect(bodyOf(values).amount).toBe(amount);
  });

  it('of a session is sent without a period', () => {
    expect(bodyOf(whole(newValues('session')))).toMatchObject({ scope: { type: 'session' }, period: null });
  });

  it('has its steps sent in the order in which they are reached', () => {
    const ladder = [
      { at_percent: 95, action: 'notify' },
      { at_percent: 80, action: 'lower_effort', effort: 'low' },
    ] as const;
    expect(bodyOf({ ...whole(newValues('session')), ladder }).ladder?.map(({ at_percent }) => at_percent)).toEqual([
      80, 95,
    ]);
  });
});

describe('what is missing', () => {
  it.each(SCOPES_BY_REACH)('of %s is a target exactly where the scope names one', (type) => {
    const names = Object.keys(bodyOf(whole(newValues(type, 'x'))).scope).length > 1;
    expect('target' in problemsOf(whole(newValues(type)))).toBe(names);
    expect(problemsOf(whole(newValues(type, 'x')))).toEqual({});
  });

  it('is an amount above zero, and a family where a step leaves only some', () => {
    expect(problemsOf(newValues('session'))).toHaveProperty('dollars');
    expect(problemsOf({ ...newValues('session'), allowance: 'unlimited' })).toEqual({});
    const ladder = [{ at_percent: 90, action: 'restrict_models', families: [] as string[] }] as const;
    expect(problemsOf({ ...whole(newValues('session')), ladder })).toHaveProperty('ladder');
  });
});
