import { expect, it, onTestFinished } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import type { ActivityTables } from '../../activity/tables.ts';
import { createLog, type Database } from '../../platform/index.ts';
import { DEFAULT_PRICE_BOOK } from '../rules/price-book.ts';
import { NO_USAGE } from '../rules/usage.ts';
import { openPriceBook } from './open-price-book.ts';
import { openPrices } from './testing/open-prices.ts';

// The clock of the tests stands at 2 November 2026.
const NOW = Date.UTC(2026, 10, 2, 12);
const OPUS = 'claude-opus-5-5';
const SHIPPED = DEFAULT_PRICE_BOOK.version;
const ALL = { type: 'all' };
const FIFTEEN = { kind: 'discount', scope: ALL, percent: '15', starting_date: '2026-11-01' };

const openAs = async (database: Database) => {
  const at = await openPrices(database);
  onTestFinished(() => at.close());
  const key = await at.keyOf(await at.add('owner', 'owner'));
  const post = (path: string, body: unknown) => at.send(`POST /v1/organizations/${path}`, { key, body });
  const make = (rule: object) => post('prices/rules', { rule });
  const get = (path: string) => at.send(`GET /v1/organizations/${path}`, { key });
  const remove = (path: string) => at.send(`DELETE /v1/organizations/${path}`, { key });
  /** What a million tokens of input cost now. */
  const inputPrice = (model = OPUS) =>
    at.prices.pricing().charge({ model, usage: { ...NO_USAGE, inputTokens: 1_000_000 }, at: NOW }).micros;
  return { ...at, key, post, make, get, remove, inputPrice };
};

forEachDatabase((_engine, open) => {
  it('charges the next request by a discount, under a version of its own, and says so in the feed', async () => {
    const { make, inputPrice, prices, database } = await openAs(await open());
    expect([inputPrice(), prices.pricing().book.version]).toEqual([4_000_000, SHIPPED]);
    const { status, body } = await make(FIFTEEN);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      type: 'price_rule',
      kind: 'discount',
      percent: '15',
      ending_date: null,
      prices: null,
    });
    expect([inputPrice(), prices.pricing().book.version]).toEqual([3_400_000, `${SHIPPED}+1`]);
    const feed = await database.tables<ActivityTables>().selectFrom('activities').selectAll().execute();
    const [change] = feed.filter(({ type }) => type === 'remit_prices_updated');
    expect(JSON.parse(change?.fields ?? '{}')).toMatchObject({
      price_book: `${SHIPPED}+1`,
      updates: [{ type: 'discount', current_value: '15 % off all models from 2026-11-01' }, { type: 'price_book' }],
    });
  });

  it("prices a model of one's own, long prompts and all, and takes it back as if it had never been", async () => {
    const { make, remove, get, inputPrice, prices } = await openAs(await open());
    const { body } = await make({
      kind: 'price',
      model: 'acme-large',
      starting_date: '2026-11-01',
      prices: {
        input: '0.3',
        output: '1.5',
        long_prompt: {
          above_tokens: 1000,
          input: '0.6',
          output: '3',
          cache_write_5m: '1',
          cache_write_1h: '1',
          cache_read: '0.06',
        },
      },
    });
    expect(inputPrice('acme-large')).toBe(600_000);
    expect(body.prices).toMatchObject({
      input: '0.3',
      cache_read: '0.3',
      long_prompt: { above_tokens: 1000, input: '0.6' },
    });
    const shown = (await get('prices')).body.models as { model: string; list_prices: unknown }[];
    expect(shown.find(({ model }) => model === 'acme-large')).toMatchObject({
      list_prices: null,
      prices: { output: '1.5' },
    });
    expect((await remove(`prices/rules/${body.id}`)).status).toBe(200);
    expect(prices.pricing().book.version).toBe(`${SHIPPED}+2`);
    expect(prices.pricing().book.entries).toEqual(DEFAULT_PRICE_BOOK.entries);
  });

  it('shows what a model costs on a day beside its list price', async () => {
    const { make, get } = await openAs(await open());
    await make({ ...FIFTEEN, ending_date: '2026-12-01' });
    const priceOn = async (date: string) => {
      const { models, rules } = (await get(`prices?date=${date}`)).body as {
        models: { model: string; prices: { input: string } }[];
        rules: unknown[];
      };
      return [models.find(({ model }) => model === OPUS)?.prices.input, rules.length];
    };
    expect(await priceOn('2026-11-30')).toEqual(['3.4', 1]);
    expect(await priceOn('2026-12-01')).toEqual(['4', 1]);
  });

  it('lets a rule end, today at the earliest', async () => {
    const { make, post } = await openAs(await open());
    const { body } = await make(FIFTEEN);
    expect((await post(`prices/rules/${body.id}`, { ending_date: '2026-11-01' })).status).toBe(400);
    expect((await post(`prices/rules/${body.id}`, { ending_date: '2026-11-20' })).body.ending_date).toBe('2026-11-20');
    expect((await post('prices/rules/prule_none', { ending_date: '2026-11-20' })).status).toBe(404);
  });

  it('refuses rules that say nothing or that nothing follows from, and makes no version of them', async () => {
    const { make, prices, send, keyOf, add } = await openAs(await open());
    const refused = async (rule: object) => (await make({ ...FIFTEEN, ...rule })).status;
    expect(await refused({ ending_date: '2026-11-01' })).toBe(400);
    expect(await refused({ percent: '0' })).toBe(400);
    expect(await refused({ percent: '100.01' })).toBe(400);
    expect(await refused({ percent: '1.234' })).toBe(400);
    expect(await refused({ scope: { type: 'model', model: 'acme-large' } })).toBe(400);
    expect(await refused({ scope: { type: 'family', family: 'poem' } })).toBe(400);
    const member = await keyOf(await add('ada'));
    expect((await send('POST /v1/organizations/prices/rules', { key: member, body: { rule: FIFTEEN } })).status).toBe(
      403,
    );
    expect(prices.pricing().book.version).toBe(SHIPPED);
  });

  it('keeps every version there has been, and each node finds the one in force', async () => {
    const { make, get, database, deps, inputPrice } = await openAs(await open());
    await make(FIFTEEN);
    await make({ kind: 'multiplier', scope: ALL, factor: '1.2', starting_date: '2026-11-01' });
    const versions = (await get('prices/versions')).body.data as { version: string }[];
    expect(versions.map(({ version }) => version)).toEqual([`${SHIPPED}+2`, `${SHIPPED}+1`, SHIPPED]);
    const other = await openPriceBook({
      database,
      shipped: DEFAULT_PRICE_BOOK,
      log: createLog('silent'),
      now: deps.now,
    });
    expect(other.pricing().book.version).toBe(`${SHIPPED}+2`);
    expect(inputPrice()).toBe(4_080_000);
    const upgraded = { ...DEFAULT_PRICE_BOOK, version: '2027-01-01' };
    const later = await openPriceBook({ database, shipped: upgraded, log: createLog('silent'), now: deps.now });
    expect(later.pricing().book.version).toBe('2027-01-01+2');
    for (const one of [other, later]) await one.close();
  });

  it('says what the last 30 days would have cost, and saves nothing', async () => {
    const { make, post, end, prices } = await openAs(await open());
    await end({ at: NOW - 5 * 86_400_000, model: OPUS, usage: { inputTokens: 1_000_000 } });
    await end({ at: NOW - 40 * 86_400_000, model: OPUS, usage: { inputTokens: 1_000_000 } });
    await end({ at: NOW, model: 'claude-haiku-4-5', usage: { inputTokens: 1_000_000 } });
    const add = {
      kind: 'discount',
      scope: { type: 'family', family: 'opus' },
      percent: '25',
      starting_date: '2027-01-01',
    };
    const { body } = await post('prices/preview', { add });
    expect(body).toMatchObject({
      before_amount: '500',
      after_amount: '400',
      difference: '-100',
      requests: 2,
      truncated: false,
      by_model: [{ model: OPUS, difference: '-100' }],
    });
    expect(prices.pricing().book.version).toBe(SHIPPED);
    expect((await post('prices/preview', {})).status).toBe(400);
    expect((await post('prices/preview', { remove: 'prule_none' })).status).toBe(404);
    const { body: rule } = await make({ ...add, starting_date: '2026-01-01' });
    expect((await post('prices/preview', { remove: rule.id })).body.difference).toBe('100');
  });

  it('writes the prices in force beside those that were shipped, and the rules, as CSV files', async () => {
    const { make, app, key } = await openAs(await open());
    const { body: rule } = await make(FIFTEEN);
    const read = async (query: string) => {
      const url = `https://remit.test/v1/organizations/prices/export${query}`;
      const response = await app.request(url, { headers: { 'x-api-key': key } });
      const text = Buffer.from(await response.arrayBuffer()).toString();
      return { name: response.headers.get('content-disposition'), lines: text.split('\r\n') };
    };
    const { name, lines } = await read('');
    expect(name).toMatch(/^attachment; filename="prices-\d{4}-\d\d-\d\d\.csv"$/);
    const opus = lines.find((line) => line.includes(`,${OPUS},`))?.split(',') ?? [];
    const [, book, , input, output, , , , listInput, listOutput] = opus;
    expect(book).toBe(`${SHIPPED}+1`);
    expect([Number(input), Number(output)]).toEqual([Number(listInput) * 0.85, Number(listOutput) * 0.85]);
    expect(new Set(lines.slice(0, -1).map((line) => line.split(',').length)).size).toBe(1);
    const before = (await read('?date=2025-12-31')).lines.find((line) => line.includes(`,${OPUS},`))?.split(',') ?? [];
    expect(before[3]).toBe(before[8]);
    const rules = (await read('?of=rules')).lines;
    expect(rules[1]).toContain(`${rule.id},discount,all,,15,,,,,,,`);
  });
});
