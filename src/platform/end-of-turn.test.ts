import { expect, it } from 'vitest';
import { atEndOfTurn, behindTurn } from './end-of-turn.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('runs errands in the order of asking, after everything else of the turn', async () => {
  const done: string[] = [];
  atEndOfTurn({ run: () => done.push('first') });
  process.nextTick(() => atEndOfTurn({ run: () => done.push('second') }));
  await Promise.resolve();
  done.push('turn');
  await nextTurn();
  expect(done).toEqual(['turn', 'first', 'second']);
});

it('leaves to the next turn what is asked for while errands run', async () => {
  const done: string[] = [];
  const again = { run: () => void done.push('again') };
  atEndOfTurn({ run: () => atEndOfTurn(again) });
  atEndOfTurn({ run: () => done.push('other') });
  await nextTurn();
  expect(done).toEqual(['other']);
  await nextTurn();
  expect(done).toEqual(['other', 'again']);
});

it('runs slow work behind the errands of its turn, whichever was asked for first', async () => {
  const done: string[] = [];
  behindTurn(() => done.push('slow'));
  atEndOfTurn({ run: () => done.push('errand') });
  await nextTurn();
  expect(done).toEqual(['errand', 'slow']);
});
