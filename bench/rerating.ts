import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import {
  REQUEST_LOG,
  type RequestRow,
  requestLogValues,
  type SharedKind,
  shareKind,
  splitRequest,
} from '../src/access/index.ts';
import { BY_OWNER } from '../src/directory/testing/open-directory.ts';
import { DAY_MS } from '../src/kernel/index.ts';
import { type Database, openDatabase, openTemporaryDatabase } from '../src/platform/index.ts';
import {
  movesOf,
  standingAccounts,
  talliesOf,
  USAGE,
  type UsageRow,
  usageValues,
  verifyLedger,
} from '../src/spend/index.ts';
import { createRule } from '../src/spend/prices/change-rules.ts';
import { bookRerating } from '../src/spend/prices/rerating/book-rerating.ts';
import { continueRerating } from '../src/spend/prices/rerating/continue-rerating.ts';
import { openPrices } from '../src/spend/prices/testing/open-prices.ts';
import { fromWireRule } from '../src/spend/prices/wire.ts';
import { NO_USAGE } from '../src/spend/rules/usage.ts';
import { startPostgres } from '../tests/support/postgres.ts';

// What re-rating many requests costs, and what requests that come meanwhile wait for: node bench/rerating.ts [rows] [sqlite|postgres]

const rows = Number(process.argv[2] ?? 200_000);
const engines = process.argv[3] === undefined ? ['sqlite', 'postgres'] : [process.argv[3]];

const MEMBERS = 2000;
const MODELS = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'];
const DAYS = 20;
const NOON = Date.UTC(2026, 10, 2, 12);
const FIRST = NOON - DAYS * DAY_MS;
/** A commit every so often stands for the gateway. */
const COMMIT_EVERY_MS = 5;

const print = (text: string) => process.stdout.write(`${text}\n`);

type Prices = Awaited<ReturnType<typeof openPrices>>;

const REQUEST: Omit<
  RequestRow,
  'id' | 'started_at' | 'user_id' | 'api_key_id' | 'model_asked' | 'model_used' | 'model_id'
> = {
  node: 'node-1',
  endpoint: 'messages',
  group_id: null,
  client: 'claude-code',
  session_id: null,
  agent_id: null,
  parent_agent_id: null,
  stream: 1,
  body_bytes: 1000,
  effect: 'allow',
  reason: null,
  effort_asked: null,
  effort_used: null,
  effort_cap: null,
  policy_version: 1,
  findings: '[]',
  wanted: '{}',
  workspace_id: null,
};

const kinds = new Map<string, SharedKind>();

const kindOf = ({ kind, log }: ReturnType<typeof splitRequest>): SharedKind => {
  const shared = kinds.get(log.kind_id) ?? shareKind(kind);
  kinds.set(log.kind_id, shared);
  return shared;
};

/** Appends one request that has ended, as the gateway does; `stored` hears when both rows are on disk. */
const append = (database: Database, at: Prices, n: number, { startedAt, id }: { startedAt: number; id: string }) => {
  const [userId, model] = [`user_${n % MEMBERS}`, MODELS[n % MODELS.length] ?? ''];
  const keyId = `apikey_${n % MEMBERS}`;
  const usage = { ...NO_USAGE, inputTokens: 1000 + (n % 977), outputTokens: 200 + (n % 311), cacheReadTokens: 5000 };
  const { micros, priced } = at.prices.pricing().charge({ model, usage, at: startedAt, batch: false });
  const request = {
    ...REQUEST,
    id,
    started_at: startedAt,
    user_id: userId,
    api_key_id: keyId,
    model_asked: model,
    model_used: model,
    model_id: model,
  };
  const row: UsageRow = {
    request_id: id,
    ended_at: startedAt + 100,
    upstream: 'provider',
    upstream_request_id: null,
    status: 200,
    outcome: 'completed',
    stop_reason: 'end_turn',
    model_answered: model,
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    thinking_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    cache_read_tokens: usage.cacheReadTokens,
    web_searches: 0,
    web_fetches: 0,
    speed: 'standard',
    geo: null,
    service_tier: null,
    cost_micros: micros,
    estimated: 0,
    priced: priced ? 1 : 0,
    price_book: at.prices.pricing().book.version,
    first_byte_ms: null,
    total_ms: 100,
    settled_as: null,
    credits_micros: null,
    iterations: null,
  };
  const standing = standingAccounts({ userId, groupId: null, keyId, workspaceId: null, modelId: model });
  const moves = movesOf({
    standing,
    reservation: null,
    startedDay: Math.floor(startedAt / DAY_MS),
    costMicros: micros,
  });
  const split = splitRequest(request);
  database.journal.append(REQUEST_LOG, requestLogValues(split.log), undefined, { refersTo: kindOf(split).row });
  return new Promise<void>((resolve, reject) =>
    database.journal.append(USAGE, usageValues(row), (error) => (error === undefined ? resolve() : reject(error)), {
      tallies: talliesOf(moves),
    }),
  );
};

const fill = async (database: Database, at: Prices) => {
  const AT_ONCE = 2000;
  for (let from = 0; from < rows; from += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, rows - from) }, (_, index) => {
      const n = from + index;
      const startedAt = FIRST + Math.floor((n * DAYS * DAY_MS) / rows);
      at.clock.ms = startedAt;
      return append(database, at, n, { startedAt, id: at.deps.newId('request') });
    });
    await Promise.all(some);
  }
  at.clock.ms = NOON;
};

/** Commits as the gateway does until told to stop; answers how long each waited, in ms. */
const watch = (database: Database, at: Prices) => {
  const waits: number[] = [];
  let isOver = false;
  const run = async () => {
    for (let n = 0; !isOver; n++) {
      await sleep(COMMIT_EVERY_MS);
      const begun = performance.now();
      await append(database, at, n, { startedAt: NOON + DAY_MS, id: at.deps.newId('request') });
      waits.push(performance.now() - begun);
    }
  };
  const running = run();
  return async () => {
    isOver = true;
    await running;
    const sorted = waits.sort((a, b) => a - b);
    const part = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
    return `${sorted.length} commits, ms p50 ${part(0.5)} p99 ${part(0.99)} max ${part(1)}`;
  };
};

const run = async (database: Database) => {
  const at = await openPrices(database);
  const filledAt = performance.now();
  await fill(database, at);
  print(`${database.engine}: ${rows} requests filled in ${((performance.now() - filledAt) / 1000).toFixed(0)} s`);
  if (database.engine === 'postgres') await sql`ANALYZE`.execute(database.tables());
  const alone = watch(database, at);
  await sleep(3000);
  print(`  alone: ${await alone()}`);
  for (const percent of ['50', '40']) {
    await createRule(at.rerating)(
      fromWireRule({ kind: 'discount', scope: { type: 'all' }, percent, starting_date: '2026-10-01' }),
      BY_OWNER,
    );
    await at.prices.refresh();
    const waits = percent === '50' ? watch(database, at) : async () => 'nothing beside it';
    await bookRerating(at.rerating)({ starting_date: '2026-10-01', ending_date: '2026-11-03' }, BY_OWNER);
    const [startedAt, before] = [performance.now(), process.cpuUsage()];
    await continueRerating(at.rerating)();
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(before);
    print(
      `  re-rated in ${seconds.toFixed(1)} s: ${Math.round(rows / seconds)} rows/s, of the processor here ${((user + system) / 1e6).toFixed(1)} s; ${await waits()}`,
    );
  }
  const { drifts } = await verifyLedger(database, { from: 0, until: Math.floor(NOON / DAY_MS) + 3 });
  print(`  counters that are not the sum of their rows: ${drifts.length}`);
  await at.close();
};

for (const engine of engines) {
  const server = engine === 'postgres' ? await startPostgres() : undefined;
  const database =
    server === undefined ? await openTemporaryDatabase() : await openDatabase({ url: await server.createDatabase() });
  await run(database);
  await database.close();
  await server?.stop();
}
