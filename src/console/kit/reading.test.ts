import { describe, expect, it } from 'vitest';
import { joinReadings, type Reading } from './reading.ts';

const readingOf = <Data>(data: Data | undefined, error: unknown = null) => {
  const asked: string[] = [];
  const reading: Reading<Data> = { data, error, refetch: () => asked.push('again') };
  return { reading, asked };
};

describe('two readings as one', () => {
  it('are there once both are', () => {
    expect(joinReadings(readingOf(1).reading, readingOf('a').reading).data).toEqual([1, 'a']);
    expect(joinReadings(readingOf(1).reading, readingOf(undefined).reading).data).toBeUndefined();
  });

  it('have failed when one has, and only that one is asked for again', () => {
    const [good, bad] = [readingOf(1), readingOf<string>(undefined, new Error('away'))];
    const both = joinReadings(good.reading, bad.reading);
    expect(both.error).toEqual(new Error('away'));
    both.refetch();
    expect([good.asked, bad.asked]).toEqual([[], ['again']]);
  });
});
