import { expect, it } from 'vitest';
import { createRemember } from './remember.ts';

/** A clock of the test's own, and readings that take as long as they say. */
const open = () => {
  const clock = { ms: 0 };
  const remember = createRemember<number>(() => clock.ms);
  let readings = 0;
  const read = (tookMs: number) =>
    remember('spend', async () => {
      clock.ms += tookMs;
      readings += 1;
      return readings;
    });
  return { clock, read, remember };
};

it('reads again what takes no time to read', async () => {
  const { read } = open();
  expect([await read(0), await read(0)]).toEqual([1, 2]);
});

it('reuses what took long for twenty times as long, and for a minute at most', async () => {
  const { clock, read } = open();
  await read(1000);
  clock.ms += 19_000;
  expect(await read(5000)).toBe(1);
  clock.ms += 2000;
  expect(await read(5000)).toBe(2);
  clock.ms += 59_000;
  expect(await read(0)).toBe(2);
  clock.ms += 2000;
  expect(await read(0)).toBe(3);
});

it('shares a reading that is under way, and keeps none that failed', async () => {
  const { remember } = open();
  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const both = [remember('a', () => failing), remember('a', async () => 2)];
  fail(new Error('away'));
  await expect(both[0]).rejects.toThrow('away');
  await expect(both[1]).rejects.toThrow('away');
  expect(await remember('a', async () => 3)).toBe(3);
});
