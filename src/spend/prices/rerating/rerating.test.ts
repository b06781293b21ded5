import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../../tests/support/databases.ts';
import type { ActivityTables } from '../../../activity/tables.ts';
import { BY_OWNER } from '../../../directory/testing/open-directory.ts';
import { DAY_MS, dayOf } from '../../../kernel/index.ts';
import { type Database, openTemporaryDatabase } from '../../../platform/index.ts';
import { readSums } from '../../ledger/counter-store.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import { DEFAULT_PRICE_BOOK } from '../../rules/price-book.ts';
import { createRule } from '../change-rules.ts';
import type { NewPriceRule } from '../contract.ts';
import { type Ended, openPrices } from '../testing/open-prices.ts';
import { fromWireRule } from '../wire.ts';
import { bookRerating } from './book-rerating.ts';
import { continueRerating } from './continue-rerating.ts';

const NOON = Date.UTC(2026, 10, 2, 12);
const TODAY = dayOf(NOON);
const OPUS = 'claude-opus-5-5';
const HAIKU = 'claude-haiku-5-5';
const MILLION = { inputTokens: 1_000_000 };
const SHIPPED = DEFAULT_PRICE_BOOK.version;
const OCTOBER_AND_TODAY = { starting_date: '2026-10-01', ending_date: '2026-11-03' };
const HALF: NewPriceRule = { kind: 'discount', scope: { type: 'all' }, percent: '50', starting_date: '2026-10-01' };
const OPUS_SCOPE = { type: 'family', family: 'opus' } as const;

const openWith = async (database: Database, ...requests: readonly Ended[]) => {
  const at = await openPrices(database);
  const ids: string[] = [];
  for (const one of requests) ids.push(await at.end(one));
  const agree = async (rule: NewPriceRule) => {
    await createRule(at.rerating)(fromWireRule(rule), BY_OWNER);
    await at.prices.refresh();
  };
  const rerate = async (book?: string) => {
    const row = await bookRerating(at.rerating)({ ...OCTOBER_AND_TODAY, price_book: book }, BY_OWNER);
    await continueRerating(at.rerating)();
    return row.id;
  };
  const drifts = async () => (await verifyLedger(database, { from: 0, until: TODAY + 2 })).drifts;
  const costs = async () => (await at.readUsage()).map(({ cost_micros }) => cost_micros);
  return { ...at, ids, agree, rerate, drifts, costs };
};

const REQUESTS: readonly Ended[] = [
  { at: NOON - 20 * DAY_MS, model: OPUS, usage: MILLION },
  { at: NOON - 10 * DAY_MS, model: HAIKU, usage: MILLION, userId: 'user_2' },
  { at: NOON, model: OPUS, usage: MILLION, isBatch: true },
];

forEachDatabase((engine, open) => {
  it('shows the difference by model, member and day, and changes nothing', async () => {
    const at = await openWith(await open(), ...REQUESTS);
    onTestFinished(() => at.close());
    const key = await at.keyOf(await at.add('owner', 'owner'));
    await at.agree({ ...HALF, scope: OPUS_SCOPE });
    const { body } = await at.send('POST /v1/organizations/reratings/preview', { key, body: OCTOBER_AND_TODAY });
    expect(body).toMatchObject({
      price_book: `${SHIPPED}+1`,
      before_amount: '650',
      after_amount: '350',
      difference: '-300',
      requests: 3,
      requests_changed: 2,
      requests_left: 0,
      members_changed: 1,
      by_day: [
        { date: '2026-10-13', difference: '-200' },
        { date: '2026-11-02', difference: '-100' },
      ],
      by_model: [{ model: OPUS, difference: '-300' }],
      by_member: [{ user_id: 'user_1', difference: '-300' }],
    });
    expect(await at.costs()).toEqual([4_000_000, 500_000, 2_000_000]);
  });

  it('books rows and counters together, tells the ledger, and says in the feed what it came to', async () => {
    const database = await open();
    const at = await openWith(database, ...REQUESTS);
    onTestFinished(() => at.close());
    const key = await at.keyOf(await at.add('owner', 'owner'));
    await at.agree(HALF);
    const id = await at.rerate();
    expect(await at.costs()).toEqual([2_000_000, 250_000, 1_000_000]);
    expect((await at.readUsage()).map(({ price_book }) => price_book)).toEqual(Array(3).fill(`${SHIPPED}+1`));
    expect(await at.drifts()).toEqual([]);
    const sums = await readSums(database, ['organization', 'user:user_1'], { from: 0, until: TODAY + 1 });
    expect(sums.get('organization')?.settledMicros).toBe(3_250_000);
    expect(sums.get('user:user_1')?.settledMicros).toBe(3_000_000);
    expect(at.corrected.filter(({ account }) => account === 'organization')).toHaveLength(3);
    const { body } = await at.send(`GET /v1/organizations/reratings/${id}`, { key });
    expect(body).toMatchObject({ state: 'ended', before_amount: '650', after_amount: '325', requests_changed: 3 });
    const feed = await database.tables<ActivityTables>().selectFrom('activities').selectAll().execute();
    expect(feed.filter(({ type }) => type.startsWith('remit_rerating')).map(({ type }) => type)).toEqual([
      'remit_rerating_started',
      'remit_rerating_ended',
    ]);
    expect(JSON.parse(feed.at(-1)?.fields ?? '{}')).toMatchObject({ rerating_id: id, difference: '-325' });
  });

  it('counts what a seat includes first, as when it was charged', async () => {
    const database = await open();
    const included = { at: NOON, model: OPUS, usage: MILLION, includedRoomMicros: 3_000_000, pool: 'rbac_group_1' };
    const at = await openWith(database, included);
    onTestFinished(() => at.close());
    const range = { from: TODAY, until: TODAY + 1 };
    const settled = async (account: string) => (await readSums(database, [account], range)).get(account)?.settledMicros;
    expect([await settled('included:'), await settled('pool:rbac_group_1')]).toEqual([3_000_000, 1_000_000]);
    await at.agree(HALF);
    await at.rerate();
    expect([await settled('included:'), await settled('pool:rbac_group_1')]).toEqual([2_000_000, 0]);
    expect((await at.readUsage())[0]?.credits_micros).toBe(0);
    expect(await at.drifts()).toEqual([]);
  });

  it('leaves alone what nobody can say the making of', async () => {
    const runs = [
      {
        kind: 'message',
        model: OPUS,
        ...MILLION,
        outputTokens: 0,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
        cacheReadTokens: 0,
      },
    ];
    const usage = { inputTokens: 5, iterations: runs };
    const at = await openWith(
      await open(),
      { at: NOON, model: OPUS, usage, withoutRuns: true },
      { at: NOON, model: OPUS, usage },
      { at: NOON, model: OPUS, costMicros: 77 },
    );
    onTestFinished(() => at.close());
    await at.agree(HALF);
    await at.rerate();
    expect((await at.costs()).sort()).toEqual([2_000_000, 4_000_000, 77].sort());
    expect(await at.drifts()).toEqual([]);
  });

  it('goes back to an earlier book, to the micro-dollar', async () => {
    const at = await openWith(await open(), ...REQUESTS);
    onTestFinished(() => at.close());
    const before = await at.costs();
    await at.agree(HALF);
    await at.rerate();
    await at.rerate(SHIPPED);
    expect(await at.costs()).toEqual(before);
    expect(await at.drifts()).toEqual([]);
  });

  it('goes on after a crash where it was, and does nothing twice', async () => {
    const many = Array.from(
      { length: 1100 },
      (_, at): Ended => ({ at: NOON + at, model: HAIKU, usage: { inputTokens: 400 + at } }),
    );
    const database = await open();
    const at = await openWith(database, ...many);
    onTestFinished(() => at.close());
    await at.agree(HALF);
    const { id } = await bookRerating(at.rerating)(OCTOBER_AND_TODAY, BY_OWNER);
    await expect(bookRerating(at.rerating)(OCTOBER_AND_TODAY, BY_OWNER)).rejects.toThrow(id);
    let pieces = 0;
    // Stops after a piece, as a process that is killed; the next one knows only what is on disk.
    await continueRerating(at.rerating)(() => {
      pieces += 1;
      return pieces > 1;
    });
    const changed = (await at.readUsage()).filter(({ price_book }) => price_book !== SHIPPED).length;
    expect(changed).toBe(250);
    expect(await at.drifts()).toEqual([]);
    await Promise.all([continueRerating(at.rerating)(), continueRerating(at.rerating)()]);
    expect((await at.readUsage()).every(({ price_book }) => price_book !== SHIPPED)).toBe(true);
    expect(await at.drifts()).toEqual([]);
  }, 60_000);

  if (engine === 'postgres') return;
  it('changes nothing by the same book, and nothing more when it is done twice, whatever was used', async () => {
    const anyRequest = fc.record({
      at: fc.integer({ min: NOON - 30 * DAY_MS, max: NOON }),
      model: fc.constantFrom(OPUS, HAIKU, 'claude-sonnet-5-5', 'claude-oracle-9'),
      userId: fc.constantFrom('user_1', 'user_2'),
      isBatch: fc.boolean(),
      usage: fc.record({
        inputTokens: fc.nat(300_000),
        outputTokens: fc.nat(9000),
        cacheReadTokens: fc.nat(200_000),
        speed: fc.constantFrom('standard' as const, 'fast' as const),
        geo: fc.constantFrom(null, 'us'),
      }),
      includedRoomMicros: fc.option(fc.nat(200_000), { nil: undefined }),
    });
    const anyRule: fc.Arbitrary<NewPriceRule> = fc.record({
      kind: fc.constant('discount' as const),
      scope: fc.constantFrom({ type: 'all' } as const, OPUS_SCOPE),
      percent: fc.integer({ min: 1, max: 100 }).map(String),
      starting_date: fc.constantFrom('2026-10-01', '2026-10-20', '2026-11-02'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRequest, { minLength: 1, maxLength: 12 }), anyRule, async (requests, rule) => {
        const database = await openTemporaryDatabase();
        const at = await openWith(database, ...(requests as readonly Ended[]));
        try {
          const untouched = await at.readUsage();
          await at.rerate();
          expect(await at.readUsage()).toEqual(untouched);
          await at.agree(rule);
          await at.rerate();
          const once = await at.readUsage();
          expect(await at.drifts()).toEqual([]);
          await at.rerate();
          expect(await at.readUsage()).toEqual(once);
          expect(await at.drifts()).toEqual([]);
        } finally {
          await at.close();
          await database.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 120_000);
});
