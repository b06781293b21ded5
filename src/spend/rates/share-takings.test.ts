import { describe, expect, it } from 'vitest';
import { forEachDatabase, type OpenDatabase } from '../../../tests/support/databases.ts';
import { migrate } from '../../platform/index.ts';
import type { Taking } from './gate/rate-gate.ts';
import { rateMigrations } from './migrations.ts';
import { createSharing } from './share-takings.ts';

const OPUS = 'rlg_claude_opus_5';

/** A node that only shares: what it takes is put in by hand, what it hears is kept. */
const node = (database: Awaited<ReturnType<OpenDatabase>>, name: string, clock: { ms: number }) => {
  let news: Taking[] = [];
  const heard: [string, number][] = [];
  const sharing = createSharing({
    database,
    node: name,
    now: () => clock.ms,
    gate: {
      news: () => {
        const told = news;
        news = [];
        return told;
      },
      absorb: ({ countedAs, amount }) => heard.push([countedAs, amount]),
    },
  });
  return {
    ...sharing,
    take: (countedAs: string, amount: number) =>
      news.push({ countedAs, poolId: OPUS, limiter: 'requests_per_minute', amount }),
    heard: () => heard.splice(0),
  };
};

forEachDatabase((_engine, open) => {
  describe('nodes that share', () => {
    const pair = async () => {
      const database = await open();
      await migrate(database, rateMigrations);
      const clock = { ms: 1_000_000 };
      const [one, two] = [node(database, 'one', clock), node(database, 'two', clock)];
      await one.exchange();
      await two.exchange();
      return { database, clock, one, two };
    };

    it('hear each taking of the other once, and none of their own', async () => {
      const { one, two } = await pair();
      one.take('organization', 5);
      one.take('user:a', 1);
      await one.exchange();
      await two.exchange();
      expect(two.heard().toSorted()).toEqual([
        ['organization', 5],
        ['user:a', 1],
      ]);
      await one.exchange();
      await two.exchange();
      one.take('organization', 3);
      await one.exchange();
      await two.exchange();
      expect(two.heard()).toEqual([['organization', 3]]);
      expect(one.heard()).toEqual([]);
    });

    it('hear what was given back as well', async () => {
      const { one, two } = await pair();
      one.take('organization', 1000);
      await one.exchange();
      one.take('organization', -900);
      await one.exchange();
      await two.exchange();
      one.take('organization', -50);
      await one.exchange();
      await two.exchange();
      expect(
        two
          .heard()
          .map(([, amount]) => amount)
          .at(-1),
      ).toBe(-50);
    });

    it('lose nothing of a known bucket when readings are missed or a clock goes backwards', async () => {
      const { one, two, clock } = await pair();
      one.take('organization', 1);
      await one.exchange();
      await two.exchange();
      two.heard();
      for (let i = 0; i < 5; i++) {
        clock.ms -= 700;
        one.take('organization', 2);
        await one.exchange();
      }
      await two.exchange();
      expect(two.heard()).toEqual([['organization', 10]]);
    });

    it('lose nothing of a bucket they have never heard of when its first tick is missed', async () => {
      const { one, two } = await pair();
      one.take('user:new', 5);
      await one.exchange();
      one.take('user:new', 15);
      await one.exchange();
      await two.exchange();
      expect(two.heard()).toEqual([['user:new', 20]]);
    });

    it('do not count what was taken before they started', async () => {
      const { one, database, clock } = await pair();
      one.take('organization', 500);
      await one.exchange();
      const three = node(database, 'three', clock);
      await three.exchange();
      expect(three.heard()).toEqual([]);
      one.take('organization', 4);
      await one.exchange();
      await three.exchange();
      expect(three.heard()).toEqual([['organization', 4]]);
    });

    it('forget what nobody has added to for long, and begin anew from there', async () => {
      const { one, two, database, clock } = await pair();
      one.take('user:a', 7);
      await one.exchange();
      await two.exchange();
      two.heard();
      clock.ms += 21 * 60_000;
      await one.forgetOld();
      await two.forgetOld();
      const rows = await database
        .tables<{ rate_takings: { node: string } }>()
        .selectFrom('rate_takings')
        .selectAll()
        .execute();
      expect(rows).toEqual([]);
      one.take('user:a', 9);
      await one.exchange();
      await two.exchange();
      expect(two.heard()).toEqual([['user:a', 9]]);
    });
  });
});
