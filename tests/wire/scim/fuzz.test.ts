import { expect, test } from 'vitest';
import { fuzzScim } from '../../prove/fuzz-scim.ts';

test('two thousand odd bodies leave the directory consistent and the process up', async () => {
  const { sent, statuses, faults, broken } = await fuzzScim({ bodies: 2000, seed: 42 });
  expect(faults).toEqual([]);
  expect(broken).toEqual([]);
  expect(sent).toBe(2000);
  // Some of them mean something: changes were made, not only refused.
  expect((statuses[200] ?? 0) + (statuses[201] ?? 0)).toBeGreaterThan(100);
  expect(statuses[400]).toBeGreaterThan(100);
});
