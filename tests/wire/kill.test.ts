import { expect, test } from 'vitest';
import { proveKills } from '../prove/kill.ts';

test('kill -9 under load, five times: what a client saw has a row, and what was forwarded has usage after the restart', async () => {
  const report = await proveKills({ kills: 5 });
  expect(report.lost).toEqual([]);
  expect(report.open).toEqual([]);
  expect(report.cut).toBeGreaterThan(0);
  expect(report.interrupted).toBeGreaterThan(0);
  expect(report.rows).toBeGreaterThanOrEqual(report.seen);
});
