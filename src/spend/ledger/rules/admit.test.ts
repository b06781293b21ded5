import { expect, it } from 'vitest';
import { type Ask, admit as admitBy, type Balance } from './admit.ts';
import type { Ceiling } from './ceiling.ts';

const ceiling = (more: Partial<Ceiling> = {}): Ceiling => ({
  limitId: 'spl_1',
  scope: { type: 'user', userId: 'a' },
  account: 'user:a',
  period: 'monthly',
  amountMicros: 1000,
  mode: 'standard',
  ladder: [],
  ...more,
});

const ask = (more: Partial<Ask> = {}): Ask => ({
  bounds: { ceilings: [ceiling()], included: null },
  expectedMicros: 100,
  // A micro-dollar for each token.
  worst: { fixedMicros: 50, outputParts: 100_000_000 },
  maxTokens: 400,
  minTokens: 16,
  ...more,
});

const admit = (asked: Ask, balanceOf: (of: { readonly account: string }) => Balance) => {
  const { ceilings, included } = asked.bounds;
  return admitBy(asked, {
    ofCeilings: ceilings.map(balanceOf),
    ofIncluded: included === null ? null : balanceOf(included),
  });
};

const holds = (openMicros: number, settledMicros: number) => (): Balance => ({ openMicros, settledMicros });

const strict = { bounds: { ceilings: [ceiling({ mode: 'strict' })], included: null } };

it('lets the request through that crosses a standard limit, and refuses the next', () => {
  expect(admit(ask(), holds(0, 999))).toMatchObject({
    effect: 'granted',
    hold: { accounts: ['user:a'], parts: null, amountMicros: 100 },
  });
  expect(admit(ask(), holds(100, 900))).toMatchObject({ effect: 'refused', reason: 'spend-limit-reached' });
});

it('holds the dearest outcome under a strict limit', () => {
  expect(admit(ask(strict), holds(0, 0))).toMatchObject({
    effect: 'granted',
    lowerMaxTokens: null,
    hold: { accounts: ['user:a'], parts: null, amountMicros: 450 },
  });
});

it('lowers max_tokens to what a strict limit still pays for', () => {
  expect(admit(ask(strict), holds(100, 700))).toMatchObject({
    effect: 'granted',
    lowerMaxTokens: 150,
    hold: { accounts: ['user:a'], parts: null, amountMicros: 200 },
  });
});

it.each([
  ['the remainder buys too few tokens', holds(0, 940), ask(strict), 'spend-remainder-too-small'],
  ['nothing is left', holds(0, 1000), ask(strict), 'spend-limit-reached'],
  ['nobody knows the price', holds(0, 0), ask({ ...strict, worst: 'unbounded' }), 'spend-cost-unbounded'],
  [
    'the limit is nothing',
    holds(0, 0),
    ask({ bounds: { ceilings: [ceiling({ amountMicros: 0 })], included: null } }),
    'spend-limit-reached',
  ],
] as const)('refuses when %s', (_, balance, asked, reason) => {
  expect(admit(asked, balance)).toMatchObject({ effect: 'refused', reason });
});

it('names the limit that lasts longest when several are reached', () => {
  const bounds = {
    ceilings: [
      ceiling({ limitId: 'spl_day', period: 'daily' }),
      ceiling({ limitId: 'spl_month' }),
      ceiling({ limitId: 'spl_week', period: 'weekly' }),
    ],
    included: null,
  };
  expect(admit(ask({ bounds }), holds(0, 1000))).toMatchObject({ standing: { ceiling: { limitId: 'spl_month' } } });
});

const INCLUDED = { account: 'included:a', period: 'monthly', amountMicros: 300 } as const;

const withIncluded =
  (used: number, spent: number) =>
  ({ account }: { readonly account: string }): Balance => ({
    openMicros: 0,
    settledMicros: account === INCLUDED.account ? used : spent,
  });

it('goes on with what a seat includes when the limit is reached, and stops when that is used too', () => {
  const bounds = { ceilings: [ceiling()], included: INCLUDED };
  expect(admit(ask({ bounds }), withIncluded(0, 1000))).toMatchObject({
    effect: 'granted',
    hold: {
      includedRoomMicros: 300,
      accounts: ['user:a', 'included:a'],
      parts: [0, 100],
    },
  });
  expect(admit(ask({ bounds }), withIncluded(300, 1000))).toMatchObject({ effect: 'refused' });
});

it('takes what is included first and holds only the rest against limits', () => {
  const bounds = { ceilings: [ceiling({ mode: 'strict' })], included: INCLUDED };
  expect(admit(ask({ bounds }), withIncluded(100, 0))).toMatchObject({
    hold: {
      includedRoomMicros: 200,
      accounts: ['user:a', 'included:a'],
      parts: [250, 200],
    },
  });
});

it('holds the dearest outcome only where a strict limit stands', () => {
  const bounds = {
    ceilings: [ceiling({ mode: 'strict', account: 'key:k' }), ceiling()],
    included: null,
  };
  expect(admit(ask({ bounds }), holds(0, 0))).toMatchObject({
    hold: {
      accounts: ['key:k', 'user:a'],
      parts: [450, 100],
    },
  });
});
