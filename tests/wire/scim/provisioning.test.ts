import { expect, test } from 'vitest';
import { proveProvisioning } from '../../prove/provision.ts';

test('four hundred people and a group of three hundred arrive whole while a member works undisturbed', async () => {
  const report = await proveProvisioning({ users: 400, groupMembers: 300 });
  expect(report.isComplete).toBe(true);
  expect(report.gateway.count).toBeGreaterThan(0);
  expect(report.gateway.failed).toBe(0);
});
