import { type RawBuilder, sql } from 'kysely';
import { accessMigrations, openPolicy } from '../src/access/index.ts';
import { CATALOGUE } from '../src/access/rules/catalogue.ts';
import { activityMigrations } from '../src/activity/index.ts';
import { directoryMigrations } from '../src/directory/index.ts';
import { type Day, dayOf, windowOf } from '../src/kernel/index.ts';
import { createLog, type Database, migrate, openDatabase, openTemporaryDatabase } from '../src/platform/index.ts';
import { createKeepMonths, openSpendPolicy, spendMigrations } from '../src/spend/index.ts';
import { findAccounts } from '../src/spend/reports/find-accounts.ts';
import { createReadStandings } from '../src/spend/reports/near-limits.ts';
import { createReadLinePage, type LongKind } from '../src/spend/reports/read-line-page.ts';
import { createReadLines } from '../src/spend/reports/read-lines.ts';
import { forecastMonth, showSpend } from '../src/spend/reports/show-spend.ts';
import { startPostgres } from '../tests/support/postgres.ts';

// What reports cost over many people and a long time, on both engines: node bench/spend-reports.ts [members] [days] [sqlite|postgres]

const [members = 100_000, days = 365] = process.argv.slice(2, 4).map(Number);
const engines = process.argv[4] === undefined ? ['sqlite', 'postgres'] : [process.argv[4]];

const GROUPS = 2000;
const BIG_GROUP = 20_000;
const MODELS = 20;
const AT_ONCE = 2000;
const ROUNDS = 3;

// The 26th of a month, in the afternoon: most of a month is behind.
const NOW = Date.UTC(2026, 10, 26, 15);
const TODAY = dayOf(NOW);
const now = () => NOW;

const print = (text: string) => process.stdout.write(`${text}\n`);

/** A query of numbers, `n`, both ends included. */
const numbers = (database: Database, from: number, to: number) =>
  database.engine === 'postgres'
    ? sql`(SELECT generate_series(${sql.lit(from)}, ${sql.lit(to)}) AS n)`
    : sql`(WITH RECURSIVE s (n) AS (SELECT ${sql.lit(from)} UNION ALL SELECT n + 1 FROM s WHERE n < ${sql.lit(to)}) SELECT n FROM s)`;

const fill = async (database: Database): Promise<void> => {
  await migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);
  const tables = database.tables();
  const id = (column: string) =>
    database.engine === 'postgres'
      ? sql`lpad(${sql.ref(column)}::text, 26, '0')`
      : sql`printf('%026d', ${sql.ref(column)})`;
  const spread = sql`((g.n * 31 + d.n * 17) % 5000) * 1000 + 1`;
  const everyDay = numbers(database, TODAY - days + 1, TODAY);
  await sql`INSERT INTO rbac_groups (id, name, source_type, created_at, updated_at)
    SELECT 'rbac_group_' || ${id('g.n')}, 'Group ' || g.n, 'scim', 1, 1 FROM ${numbers(database, 0, GROUPS)} AS g`.execute(
    tables,
  );
  for (let from = 0; from < members; from += AT_ONCE) {
    const some = numbers(database, from, Math.min(members, from + AT_ONCE) - 1);
    await sql`INSERT INTO members (id, email, email_key, name, name_key, role, status, added_at, updated_at)
      SELECT 'user_' || ${id('g.n')}, 'p' || g.n || '@example.com', 'p' || g.n || '@example.com', 'Person ' || g.n, 'person ' || g.n,
        'user', 'active', 1, 1 FROM ${some} AS g`.execute(tables);
    await sql`INSERT INTO rbac_group_members (group_id, user_id, created_at)
      SELECT 'rbac_group_' || ${id('k.n')}, 'user_' || ${id('g.n')}, 1 FROM (
        SELECT g.n AS n, g.n % ${sql.lit(GROUPS)} AS k FROM ${some} AS g) AS g JOIN ${numbers(database, 0, GROUPS - 1)} AS k ON k.n = g.k`.execute(
      tables,
    );
  }
  const count = (some: RawBuilder<unknown>, someDays: RawBuilder<unknown>) =>
    sql`INSERT INTO spend_counters (account, day, open_micros, settled_micros)
      SELECT 'user:user_' || ${id('g.n')}, d.n, 0, ${spread} FROM ${some} AS g CROSS JOIN ${someDays} AS d`.execute(
      tables,
    );
  if (database.engine === 'postgres')
    // Day by day, as they come: there rows lie in the order of their arrival.
    for (let day = TODAY - days + 1; day <= TODAY; day++)
      await count(numbers(database, 0, members - 1), numbers(database, day, day));
  else
    for (let from = 0; from < members; from += AT_ONCE)
      await count(numbers(database, from, Math.min(members, from + AT_ONCE) - 1), everyDay);
  await sql`INSERT INTO rbac_group_members (group_id, user_id, created_at)
    SELECT 'rbac_group_' || ${id('k.n')}, 'user_' || ${id('g.n')}, 1
    FROM ${numbers(database, 0, Math.min(members, BIG_GROUP) - 1)} AS g CROSS JOIN ${numbers(database, GROUPS, GROUPS)} AS k`.execute(
    tables,
  );
  await sql`INSERT INTO spend_counters (account, day, open_micros, settled_micros)
    SELECT 'organization', day, 0, CAST(SUM(settled_micros) AS bigint) FROM spend_counters GROUP BY day`.execute(
    tables,
  );
  await sql`INSERT INTO spend_counters (account, day, open_micros, settled_micros)
    SELECT 'model:claude-' || g.n, d.n, 0, ${spread} FROM ${numbers(database, 1, MODELS)} AS g CROSS JOIN ${everyDay} AS d`.execute(
    tables,
  );
  await sql`INSERT INTO spend_limits (id, scope_type, scope_id, period, amount_micros, is_enabled, mode, ladder, created_at, updated_at)
    VALUES ('spl_1', 'organization', '', 'monthly', 125000000, 1, 'standard', '[]', 1, 1)`.execute(tables);
  if (database.engine === 'postgres') await sql`ANALYZE`.execute(tables);
};

/** Clocks that stand still: nothing takes long enough to be reused. */
const STILL = () => 0;

const questionsTo = async (database: Database) => {
  const log = createLog('silent');
  const policy = await openPolicy({ database, models: CATALOGUE, log });
  const spendPolicy = await openSpendPolicy({ database, log });
  const deps = { database, policy, spendPolicy, now };
  const readPage = createReadLinePage(deps, STILL);
  const readLines = createReadLines(deps, STILL);
  const readStandings = createReadStandings(deps, STILL);
  const month = windowOf('monthly', TODAY);
  const thisMonth = { from: month.from, until: TODAY + 1 };
  const lastMonth = windowOf('monthly', month.from - 1);
  const page =
    (by: LongKind, range: { from: Day; until: Day }, more: { search?: string } = {}) =>
    () =>
      readPage({ by, range, limit: 21, ...more });
  const big = await findAccounts(deps, { rbac_group_id: `rbac_group_${String(GROUPS).padStart(26, '0')}` });
  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    'members, this month': page('member', thisMonth),
    'members, last month': page('member', lastMonth),
    'members, last 7 days': page('member', { from: TODAY - 6, until: TODAY + 1 }),
    'members, last 90 days': page('member', { from: TODAY - 89, until: TODAY + 1 }),
    'members, the year': page('member', { from: TODAY - days + 1, until: TODAY + 1 }),
    'members found, this month': page('member', thisMonth, { search: 'person 99' }),
    'groups, this month': page('group', thisMonth),
    'groups, last month': page('group', lastMonth),
    'models, this month': () => readLines('model', thisMonth),
    'near a limit of 75 %': () => readStandings(75),
    'forecast of the month': () => forecastMonth(deps)(['organization']),
    'one member, this month': () => showSpend(deps)(['user:user_00000000000000000000000005'], thisMonth),
    'a group of 20,000, this month': () => showSpend(deps)(big, thisMonth),
    'every line, this month': () => readLines('member', thisMonth),
  };
  const close = async () => {
    await policy.close();
    await spendPolicy.close();
  };
  return { questions, close };
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** What is also asked before there are months; more would take long. */
const BY_DAYS = ['members, this month', 'groups, this month', 'near a limit of 75 %'];

const measure = async (database: Database, heading: string, only?: readonly string[]): Promise<void> => {
  print(`${database.engine}, ${members} members, ${days} days, ${heading}`);
  const { questions, close } = await questionsTo(database);
  for (const [name, ask] of Object.entries(questions)) {
    if (only?.includes(name) === false) continue;
    const took: number[] = [];
    const worked: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const [startedAt, before] = [performance.now(), process.cpuUsage()];
      await ask();
      took.push(performance.now() - startedAt);
      const { user, system } = process.cpuUsage(before);
      worked.push((user + system) / 1000);
    }
    const [wall, cpu] = [median(took), median(worked)].map((ms) => `${ms.toFixed(0).padStart(6)} ms`);
    print(`  ${name.padEnd(32)} ${wall}, of the processor in this process ${cpu}`);
  }
  await close();
};

const run = async (database: Database): Promise<void> => {
  const startedAt = performance.now();
  await fill(database);
  print(`${database.engine} filled in ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  await measure(database, 'by days', BY_DAYS);
  const builtAt = performance.now();
  // The job as the program runs it, half of the time at rest.
  await createKeepMonths({ database, now })(new AbortController().signal);
  print(`  months made in ${((performance.now() - builtAt) / 1000).toFixed(1)} s`);
  await measure(database, 'by months');
};

for (const engine of engines) {
  const server = engine === 'postgres' ? await startPostgres() : undefined;
  const database =
    server === undefined ? await openTemporaryDatabase() : await openDatabase({ url: await server.createDatabase() });
  await run(database);
  await database.close();
  await server?.stop();
}
