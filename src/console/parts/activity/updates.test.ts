import { expect, it } from 'vitest';
import { updatesInWords } from './updates.ts';

const said = (type: string, previous_value: unknown, current_value: unknown): string =>
  updatesInWords([{ type, previous_value, current_value }]);

it.each([
  ['prepaid_balance', false, true, 'prepaid balance from off to on'],
  [
    'included_usage_premium',
    null,
    { amount: '5000', period: 'monthly' },
    'included usage premium from none to $50.00 a month',
  ],
  ['thresholds', [50, 90], [], 'thresholds from 50, 90 to none'],
  [
    'store_outage',
    { mode: 'closed' },
    { mode: 'open', grace_seconds: 60 },
    'store outage from mode closed to mode open, grace seconds 60',
  ],
] as const)('a change of %s reads as people say it', (type, before, after, words) =>
  expect(said(type, before, after)).toBe(words),
);
