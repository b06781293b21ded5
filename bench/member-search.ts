import { activityMigrations } from '../src/activity/index.ts';
import { directoryMigrations } from '../src/directory/index.ts';
import { memberStore } from '../src/directory/members/store.ts';
import type { DirectoryTables } from '../src/directory/tables.ts';
import { type Database, migrate, openDatabase, openTemporaryDatabase } from '../src/platform/index.ts';
import { startPostgres } from '../tests/support/postgres.ts';

// What searching 100,000 members costs on both engines: node bench/member-search.ts

const MEMBERS = 100_000;
const ROWS_AT_ONCE = 500;
const PAGE = 50;
const ROUNDS = 9;

const FIRST = ['Ada', 'Grace', 'Linus', 'Östen', 'Ana', 'Bob', 'Carol', 'Dmitri', 'Eun', 'Farid', 'Greta', 'Hiro'];
const LAST = ['Lovelace', 'Hopper', 'Åberg', 'Silva', 'Tanaka', 'Okafor', 'Novak', 'Müller', 'Garcia', 'Haddad', 'Ito'];

/** Searches from the first letter somebody types to a text that nobody has, which reads every row. */
const SEARCHES = ['a', 'ada', 'lovelace', 'müller 5', '99999', '@example.com', 'nobody at all'];

const person = (at: number) => {
  const name = `${FIRST[at % FIRST.length]} ${LAST[at % LAST.length]} ${at}`;
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@example.com`;
  const id = `user_${String(at).padStart(26, '0')}`;
  const times = { added_at: at, updated_at: at };
  return {
    id,
    email,
    email_key: email,
    name,
    name_key: name.toLowerCase(),
    role: 'user' as const,
    status: 'active' as const,
    ...times,
  };
};

const fill = async (database: Database): Promise<void> => {
  await migrate(database, [...activityMigrations, ...directoryMigrations]);
  const tables = database.tables<DirectoryTables>();
  for (let from = 0; from < MEMBERS; from += ROWS_AT_ONCE)
    await tables
      .insertInto('members')
      .values(Array.from({ length: ROWS_AT_ONCE }, (_, at) => person(from + at)))
      .execute();
};

const measure = async (database: Database): Promise<void> => {
  for (const search of SEARCHES) {
    const took: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const startedAt = performance.now();
      await memberStore(database).list({ search, roles: [], limit: PAGE });
      took.push(performance.now() - startedAt);
    }
    took.sort((a, b) => a - b);
    const [median = 0, worst = 0] = [took[Math.floor(ROUNDS / 2)], took.at(-1)];
    const line = `${database.engine.padEnd(9)} ${search.padEnd(14)} median ${median.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`;
    process.stdout.write(`${line}\n`);
  }
};

const server = await startPostgres();
for (const database of [await openTemporaryDatabase(), await openDatabase({ url: await server.createDatabase() })]) {
  await fill(database);
  await measure(database);
  await database.close();
}
await server.stop();
