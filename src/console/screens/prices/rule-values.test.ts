import { describe, expect, it } from 'vitest';
import { NO_RATES, newRule, problemOf, ruleOf } from './rule-values.ts';

const VALUES = { ...newRule(), starting: '2026-11-01' };

it.each([
  ['all', { type: 'all' }],
  ['family:opus', { type: 'family', family: 'opus' }],
  ['model:acme:large', { type: 'model', model: 'acme:large' }],
] as const)('a rule for %s names it whole', (scope, sent) =>
  expect(ruleOf({ ...VALUES, scope })).toMatchObject({ scope: sent, starting_date: '2026-11-01', ending_date: null }),
);

describe('prices of a model of one’s own', () => {
  const prices = { ...NO_RATES, input: 0.3, output: 1.5 };
  const own = { ...VALUES, kind: 'price', model: ' acme ', prices } as const;
  const sent = (values: typeof own | Parameters<typeof ruleOf>[0]) => {
    const rule = ruleOf(values);
    return rule.kind === 'price' ? rule.prices : undefined;
  };

  it('of the cache are those of input where they are left empty', () => {
    const plain = { input: '0.3', output: '1.5', cache_write_5m: '0.3', cache_write_1h: '0.3', cache_read: '0.3' };
    expect(ruleOf(own)).toMatchObject({ kind: 'price', model: 'acme' });
    expect(sent(own)).toEqual({ ...plain, geo_premium: false });
    expect(sent({ ...own, prices: { ...prices, cacheWrite: 0.4 } })).toMatchObject({
      ...{ cache_write_5m: '0.4', cache_write_1h: '0.4' },
    });
    expect(sent({ ...own, prices: { ...prices, cacheWriteHour: 0.6 } })).toMatchObject({ cache_write_1h: '0.6' });
  });

  it('name those of long prompts and of fast mode only where they differ', () => {
    expect(sent(own)).not.toHaveProperty('long_prompt');
    expect(sent(own)).not.toHaveProperty('fast');
    expect(
      sent({ ...own, long: { ...prices, input: 0.6, above: 100_000 }, fast: { ...prices, input: 1 } }),
    ).toMatchObject({
      long_prompt: { above_tokens: 100_000, input: '0.6', output: '1.5' },
      fast: { input: '1', cache_read: '1' },
    });
  });

  it('want a model, what input and output cost, and from where on a prompt is long', () => {
    expect(problemOf(VALUES)).toBeNull();
    expect(problemOf(own)).toBeNull();
    expect(problemOf({ ...own, model: ' ' })).toBe('Name the model.');
    expect(problemOf({ ...own, fast: NO_RATES })).toBe('Enter what input and output cost.');
    expect(problemOf({ ...own, long: { ...prices, above: '' } })).toMatch('a prompt is long');
  });
});
