import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('gives turns in the order they were asked for, one at a time', async () => {
  const turns = createTurns(1_000);
  const log: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    log.push(`${name} ends`);
  };
  await Promise.all(['a', 'b', 'c'].map((name) => turns.run(work(name))));
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

it('passes the turn on when work fails', async () => {
  const turns = createTurns(1_000);
  await expect(turns.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await turns.run(async () => 'next')).toBe('next');
});

it('rejects who waits too long, and serves those after', async () => {
  const turns = createTurns(20);
  const end = await turns.take();
  await expect(turns.take()).rejects.toThrow('kept the database busy for 20 ms');
  end();
  end();
  expect(await turns.run(async () => 'served')).toBe('served');
});
