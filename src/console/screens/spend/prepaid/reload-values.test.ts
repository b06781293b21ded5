import { describe, expect, it } from 'vitest';
import { problemsOf, reloadOf, valuesOf } from './reload-values.ts';

const RELOAD = { is_enabled: true, threshold: '50000', amount: '200000', monthly_maximum: '600000' };

describe('the form of auto-reload', () => {
  it('sends what it was given when nothing is changed', () => {
    expect(reloadOf(valuesOf(RELOAD))).toEqual(RELOAD);
    expect(reloadOf(valuesOf({ ...RELOAD, monthly_maximum: null })).monthly_maximum).toBeNull();
  });

  it('wants a threshold, an amount, and a maximum that leaves room for one', () => {
    const empty = valuesOf({ is_enabled: true, threshold: '0', amount: '0', monthly_maximum: null });
    expect(Object.keys(problemsOf(empty))).toEqual(['threshold', 'amount']);
    expect(problemsOf({ ...valuesOf(RELOAD), maximum: 100 })).toHaveProperty('maximum');
    expect(problemsOf(valuesOf(RELOAD))).toEqual({});
  });

  it('wants nothing while it is off', () => {
    expect(problemsOf(valuesOf({ is_enabled: false, threshold: '0', amount: '0', monthly_maximum: null }))).toEqual({});
  });
});
