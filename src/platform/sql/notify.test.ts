import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A listener that can be waited for. */
const counter = () => {
  let count = 0;
  let wake = (): void => {};
  const reaches = async (wanted: number): Promise<void> => {
    while (count < wanted) await new Promise<void>((resolve) => (wake = resolve));
  };
  const onChange = (): void => {
    count += 1;
    wake();
  };
  return { onChange, reaches, count: () => count };
};

forEachDatabase((_engine, open) => {
  it('runs the listeners within a second of the commit, and not before it', async () => {
    const database = await open();
    const heard = counter();
    await database.listen('policy', heard.onChange);
    await database.transaction(async (sql) => {
      await database.notify(sql, 'policy');
      await pause(50);
      expect(heard.count()).toBe(0);
    });
    const committed = performance.now();
    await heard.reaches(1);
    expect(performance.now() - committed).toBeLessThan(1_000);
  });

  it('tells nobody of a transaction that was rolled back', async () => {
    const database = await open();
    const heard = counter();
    await database.listen('policy', heard.onChange);
    const undone = database.transaction(async (sql) => {
      await database.notify(sql, 'policy');
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    await pause(100);
    expect(heard.count()).toBe(0);
  });

  it('tells at once outside of a transaction', async () => {
    const database = await open();
    const heard = counter();
    await database.listen('policy', heard.onChange);
    await database.notify(database, 'policy');
    await heard.reaches(1);
  });

  it('tells only who listens to the channel, whatever its name looks like', async () => {
    const database = await open();
    const [heard, other] = [counter(), counter()];
    await database.listen('Policy "of" the house', heard.onChange);
    await database.listen('policy', other.onChange);
    await database.notify(database, 'Policy "of" the house');
    await heard.reaches(1);
    expect(other.count()).toBe(0);
  });

  it('stops telling who has stopped listening, and goes on telling the others', async () => {
    const database = await open();
    const [gone, stays] = [counter(), counter()];
    const stop = await database.listen('policy', gone.onChange);
    await database.listen('policy', stays.onChange);
    await stop();
    await database.notify(database, 'policy');
    await stays.reaches(1);
    expect(gone.count()).toBe(0);
  });

  it('goes on when a listener throws', async () => {
    const errors: string[] = [];
    const database = await open({ onError: ({ message }) => errors.push(message) });
    const heard = counter();
    await database.listen('policy', () => {
      throw new Error('deaf');
    });
    await database.listen('policy', heard.onChange);
    await database.notify(database, 'policy');
    await heard.reaches(1);
    expect(errors).toEqual(['deaf']);
  });
});
