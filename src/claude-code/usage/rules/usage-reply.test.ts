import { expect, it } from 'vitest';
import { type LimitUsage, usageReply } from './usage-reply.ts';

const CENT = 10_000;
const SPENT = { daily: 3 * CENT, weekly: 5 * CENT, monthly: 9 * CENT };
const RESETS_AT = Date.UTC(2026, 10, 27);

const usage = (period: LimitUsage['period'], spentCents: number, amountCents: number): LimitUsage => ({
  period,
  amountMicros: amountCents * CENT,
  spentMicros: spentCents * CENT,
  resetsAt: RESETS_AT,
});

it('without a limit, tells what was spent and limits nothing', () => {
  expect(usageReply([], SPENT)).toEqual({
    extra_usage: {
      is_enabled: true,
      monthly_limit: null,
      used_credits: 9,
      utilization: null,
      currency: 'USD',
      daily: { used_credits: 3 },
      weekly: { used_credits: 5 },
    },
    limits: [],
  });
});

it('shows the fullest limit of each period, and the fullest of all as the one that counts', () => {
  const { extra_usage, limits } = usageReply(
    [usage('monthly', 50, 100), usage('daily', 3, 100), usage('daily', 96, 100)],
    SPENT,
  );
  expect(extra_usage).toMatchObject({ monthly_limit: 100, used_credits: 96, utilization: 96 });
  expect(limits).toEqual([
    {
      kind: 'spend',
      group: 'daily',
      percent: 96,
      resets_at: '2026-11-27T00:00:00.000Z',
      severity: 'critical',
      is_active: true,
    },
    expect.objectContaining({ group: 'monthly', percent: 50, severity: 'normal', is_active: false }),
  ]);
});

it.each([
  [3.18, 3, 106],
  [0, 0, 100],
  [0.999, 100, 0],
])('%d of %d cents is %d percent', (spentCents, amountCents, percent) => {
  expect(usageReply([usage('daily', spentCents, amountCents)], SPENT).limits[0]?.percent).toBe(percent);
});
