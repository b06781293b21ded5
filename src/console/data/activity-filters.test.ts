import { expect, it } from 'vitest';
import { isNarrowed, timesOf } from './activity-filters.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const DAY_MS = 86_400_000;

it('a range reaches back from now', () => {
  expect(timesOf({ range: '90d' }, NOW)['created_at.gte']).toBe(new Date(NOW - 90 * DAY_MS).toISOString());
  expect(timesOf({}, NOW)).toEqual({ 'created_at.gte': undefined, 'created_at.lt': undefined });
});

it('both days of a choice of dates count, in the zone of the reader', () => {
  const times = timesOf({ from: '2026-11-02', until: '2026-11-02' }, NOW);
  expect(times['created_at.gte']).toBe(new Date(2026, 10, 2).toISOString());
  expect(times['created_at.lt']).toBe(new Date(2026, 10, 3).toISOString());
});

it('knows whether anything is left out', () => {
  expect([isNarrowed({}), isNarrowed({ what: undefined }), isNarrowed({ request: 'req_1' })]).toEqual([
    false,
    false,
    true,
  ]);
});
