import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessMigrations, type Snapshot } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { createUsageRow } from '../../gateway/index.ts';
import { effortRank } from '../../kernel/index.ts';
import { createLog, createSecretBox, type Database, migrate, openTemporaryDatabase } from '../../platform/index.ts';
import { createPricing, DEFAULT_PRICE_BOOK, spendMigrations } from '../../spend/index.ts';
import { openOffice } from './office.ts';
import { createRandom } from './random.ts';
import { DAY_MS } from './schedule.ts';
import { type DemoKey, setUpOrganisation } from './set-up.ts';
import { drawTraffic } from './traffic.ts';
import type { Exchange } from './world.ts';

// A Monday evening, so that the window of fourteen days has two whole weeks.
const NOW = Date.UTC(2026, 10, 23, 20);
const DAYS = 14;

let database: Database;
let snapshot: Snapshot;
let keys: readonly DemoKey[];
let traffic: readonly Exchange[];

beforeAll(async () => {
  database = await openTemporaryDatabase();
  await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
  const log = createLog('silent');
  const secrets = createSecretBox('the secret of the tests, long enough');
  const office = await openOffice({ database, secrets, log, random: createRandom(1), startsAt: NOW - 60 * DAY_MS });
  const passwords = { owner: 'a-long-password', admin: 'a-long-password', member: 'a-long-password' };
  ({ keys } = await setUpOrganisation(office, passwords));
  snapshot = office.policy.current();
  await office.policy.close();
  traffic = drawTraffic({ snapshot, keys, now: NOW, days: DAYS, seed: 7 });
}, 60_000);

afterAll(() => database.close());

const pricing = createPricing(DEFAULT_PRICE_BOOK);
const usageRow = createUsageRow(() => pricing);
const rowOf = ({ decided, ending }: Exchange) => (ending === null ? undefined : usageRow(decided, ending).row);

test('the organisation has sixty members in eight groups with five roles', () => {
  expect([snapshot.members.size, snapshot.groups.size, snapshot.roles.size]).toEqual([60, 8, 5]);
});

test('the same options give the same requests', () => {
  const drawn = (seed: number) =>
    drawTraffic({ snapshot, keys, now: NOW, days: 3, seed }).map(({ decided: { caller, ...decided }, ending }) => [
      caller.credential.id,
      decided,
      ending,
    ]);
  const first = JSON.stringify(drawn(7));
  expect(JSON.stringify(drawn(7))).toBe(first);
  expect(JSON.stringify(drawn(8))).not.toBe(first);
});

test('every request that was forwarded has an end, and none that was refused', () => {
  for (const { decided, ending } of traffic) expect(ending === null).toBe(decided.decision.effect === 'deny');
});

test('no request runs at more effort than its cap, and a lowered one names the finding', () => {
  for (const { decided } of traffic) {
    const { effort, effect, findings } = decided.decision;
    if (effort.used !== null && effort.cap !== null)
      expect(effortRank(effort.used)).toBeLessThanOrEqual(effortRank(effort.cap));
    if (effect === 'clamp') expect(findings.some((finding) => finding.effect === 'clamp')).toBe(true);
  }
});

test('costs are whole micro-dollars from the price book, and errors of the provider are free', () => {
  for (const exchange of traffic) {
    const row = rowOf(exchange);
    if (row === undefined) continue;
    expect(Number.isSafeInteger(row.cost_micros) && row.cost_micros >= 0).toBe(true);
    expect(row.priced).toBe(1);
    if ((row.status ?? 0) >= 400) expect(row.cost_micros).toBe(0);
    else if (exchange.decided.endpoint === 'messages') expect(row.cost_micros).toBeGreaterThan(0);
  }
});

test('an answer that was left is an estimate, and only that', () => {
  for (const exchange of traffic) {
    const row = rowOf(exchange);
    if (row === undefined || exchange.decided.endpoint !== 'messages') continue;
    expect(row.estimated === 1).toBe(row.status === 200 && row.outcome !== 'completed');
  }
});

test('ids are unique and in the order of time, and everything lies within the window', () => {
  const ids = traffic.map(({ decided }) => decided.id);
  expect(new Set(ids).size).toBe(ids.length);
  const starts = traffic.map(({ decided }) => decided.startedAt);
  expect(starts).toEqual([...starts].sort((one, other) => one - other));
  expect(starts[0]).toBeGreaterThan(NOW - DAYS * DAY_MS);
  for (const { ending } of traffic) expect(ending?.endedAt ?? 0).toBeLessThan(NOW);
});

test('nobody asks for a model by its id before it was released', () => {
  for (const { decided } of traffic) {
    const model = snapshot.index.byId.get(decided.wanted.model);
    expect(model?.releasedAt ?? 0).toBeLessThanOrEqual(decided.startedAt);
  }
});

test('everything the pages can show has happened', () => {
  const effects = new Set(traffic.map(({ decided }) => decided.decision.effect));
  expect([...effects].sort()).toEqual(['allow', 'clamp', 'deny']);
  const outcomes = new Set(traffic.map(({ ending }) => ending?.outcome));
  expect(outcomes).toContain('client_left');
  expect(traffic.some(({ ending }) => ending?.status === 529)).toBe(true);
  expect(traffic.some(({ decided }) => decided.caller.groupId !== null)).toBe(true);
  const usages = traffic.flatMap(({ ending }) => ending?.metered.usage ?? []);
  expect(usages.some(({ cacheReadTokens }) => cacheReadTokens > 50_000)).toBe(true);
  expect(usages.some(({ cacheWrite1hTokens }) => cacheWrite1hTokens > 0)).toBe(true);
});

test('working days are busy and weekends are quiet', () => {
  const perDay = (isWanted: (weekday: number) => boolean) => {
    const found = traffic.filter(({ decided }) => isWanted(new Date(decided.startedAt).getUTCDay()));
    return found.length / DAYS;
  };
  const weekend = perDay((weekday) => weekday === 0 || weekday === 6);
  expect(perDay((weekday) => weekday >= 1 && weekday <= 5)).toBeGreaterThan(8 * weekend);
});
