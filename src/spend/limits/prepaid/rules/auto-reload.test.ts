import { expect, it } from 'vitest';
import { isReloadDue } from './auto-reload.ts';

const rule = { isOn: true, thresholdMicros: 100, amountMicros: 50, monthlyMaxMicros: 150 };

it.each<readonly [string, Partial<typeof rule>, number, number, boolean]>([
  ['buys below the threshold', {}, 99, 0, true],
  ['buys nothing at the threshold', {}, 100, 0, false],
  ['buys below nothing, too', {}, -5, 0, true],
  ['buys nothing while it is off', { isOn: false }, 0, 0, false],
  ['buys as long as a whole order fits into the month', {}, 0, 100, true],
  ['buys no part of an order', {}, 0, 101, false],
  ['buys without end where the month has no maximum', { monthlyMaxMicros: null as never }, 0, 10_000, true],
  ['buys no orders of nothing', { amountMicros: 0 }, 0, 0, false],
])('%s', (_, more, balanceMicros, reloadedThisMonthMicros, wanted) => {
  expect(isReloadDue({ ...rule, ...more }, { balanceMicros, reloadedThisMonthMicros })).toBe(wanted);
});
