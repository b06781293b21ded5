import { expect, it } from 'vitest';
import { newRule, ruleOf } from './rule-values.ts';

const VALUES = { ...newRule(), starting: '2026-11-01' };

it.each([
  ['all', { type: 'all' }],
  ['family:opus', { type: 'family', family: 'opus' }],
  ['model:acme:large', { type: 'model', model: 'acme:large' }],
] as const)('a rule for %s names it whole', (scope, sent) =>
  expect(ruleOf({ ...VALUES, scope })).toMatchObject({ scope: sent, starting_date: '2026-11-01', ending_date: null }),
);

it('prices that are left empty are left to the server, and those of the cache go together', () => {
  const values = { ...VALUES, kind: 'price', model: ' acme ', input: 0.3, output: 1.5 } as const;
  const plain = { input: '0.3', output: '1.5', geo_premium: false };
  expect(ruleOf(values)).toMatchObject({ kind: 'price', model: 'acme', prices: plain });
  expect(ruleOf({ ...values, cacheWrite: 0.4 })).toMatchObject({
    prices: { ...plain, cache_write_5m: '0.4', cache_write_1h: '0.4' },
  });
});
