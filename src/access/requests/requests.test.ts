import fc from 'fast-check';
import { sql as raw } from 'kysely';
import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { type Database, migrate } from '../../platform/index.ts';
import { accessMigrations } from '../migrations.ts';
import { insertRequests } from './insert-requests.ts';
import { joinRequest, shareKind, splitRequest } from './request-kind.ts';
import { REQUEST_LOG, type RequestRow, type RequestTables, requestLogValues } from './tables.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'Z', '"', "'", ',', '\\', 'é', '𝄞', ' '), maxLength: 6 });
const maybe = fc.option(text);
const number = fc.nat(2 ** 40);

/** Few values for what requests have in common, so that many share it. */
const kindColumns = {
  node: fc.constantFrom('one', 'two'),
  endpoint: fc.constantFrom('messages', 'count_tokens', 'batch', 'batch_item', 'files'),
  group_id: fc.option(fc.constantFrom('g', '')),
  api_key_id: fc.constantFrom('k1', 'k2'),
  client: maybe,
  stream: fc.constantFrom(0, 1),
  effect: fc.constantFrom('allow', 'clamp', 'deny'),
  reason: maybe,
  model_asked: text,
  model_used: maybe,
  model_id: maybe,
  effort_asked: maybe,
  effort_used: maybe,
  effort_cap: maybe,
  findings: fc.constantFrom('[]', '[{"rule":"a"}]'),
  wanted: text,
  workspace_id: maybe,
} as const;

const kind = fc.record(kindColumns);

const log = fc.record({
  started_at: number,
  user_id: maybe,
  session_id: maybe,
  agent_id: maybe,
  parent_agent_id: maybe,
  body_bytes: number,
  policy_version: number,
});

const requests: fc.Arbitrary<readonly RequestRow[]> = fc
  .array(kind, { minLength: 1, maxLength: 4 })
  .chain((kinds) => fc.array(fc.tuple(fc.constantFrom(...kinds), log), { maxLength: 40 }))
  .map((rows) => rows.map(([shared, own]) => ({ ...shared, ...own, id: '' })));

/** Every run has ids of its own: one database serves them all. */
const withIds = (rows: readonly RequestRow[], run: number): readonly RequestRow[] =>
  rows.map((row, at) => ({ ...row, id: `req_${String(run * 100_000 + at).padStart(12, '0')}` }));

const readRequests = (database: Database): Promise<readonly RequestRow[]> =>
  database.tables<RequestTables>().selectFrom('requests').selectAll().orderBy('id').execute();

const STEP = 'access-request-kinds';
const ALL = [...activityMigrations, ...directoryMigrations, ...accessMigrations];
const BEFORE = ALL.filter(({ name }) => name !== STEP);

forEachDatabase((_engine, open) => {
  it('reads every request as it was written, by the journal and past it', async () => {
    const database = await open();
    await migrate(database, ALL);
    let run = 0;
    const written: RequestRow[] = [];
    await fc.assert(
      fc.asyncProperty(requests, fc.boolean(), async (some, isByJournal) => {
        const rows = withIds(some, run++);
        written.push(...rows);
        if (isByJournal) {
          for (const row of rows) {
            const split = splitRequest(row);
            const shared = shareKind(split.kind);
            expect(shared.id).toBe(split.log.kind_id);
            expect(joinRequest(split.kind, split.log)).toEqual(row);
            database.journal.append(REQUEST_LOG, requestLogValues(split.log), undefined, { refersTo: shared.row });
          }
          await database.journal.flush();
        } else await insertRequests(database, rows);
      }),
      { numRuns: 30 },
    );
    expect(await readRequests(database)).toEqual(written);
  });

  it('stores what requests have in common once', async () => {
    const database = await open();
    await migrate(database, ALL);
    const [row] =
      fc.sample(
        requests.filter(({ length }) => length > 0),
        { numRuns: 1, seed: 1 },
      )[0] ?? [];
    if (row === undefined) throw new Error('a sample has a row');
    await insertRequests(database, withIds(Array(50).fill(row), 0));
    await insertRequests(database, withIds(Array(50).fill({ ...row, policy_version: 7, user_id: 'other' }), 1));
    const kinds = await database.tables<RequestTables>().selectFrom('request_kinds').selectAll().execute();
    expect(kinds.length).toBe(1);
    expect((await readRequests(database)).length).toBe(100);
  });

  it('takes over the requests of an older installation as they were', async () => {
    const database = await open();
    await migrate(database, BEFORE);
    const some = fc.sample(requests, { numRuns: 250, seed: 7 }).flat();
    const rows = withIds([...some, ...some, ...some, ...some], 0);
    // More than two pages of them.
    expect(rows.length).toBeGreaterThan(4000);
    const old = database.tables<{ requests: RequestRow }>();
    for (let at = 0; at < rows.length; at += 1000)
      await old
        .insertInto('requests')
        .values(rows.slice(at, at + 1000))
        .execute();
    const before = await readRequests(database);
    const columns = Object.keys(before[0] ?? {});
    expect(await migrate(database, ALL)).toEqual([STEP]);
    const after = await readRequests(database);
    expect(after).toEqual(before);
    expect(Object.keys(after[0] ?? {}).sort()).toEqual(columns.sort());
    // A request of a kind that was taken over finds it there.
    const again = { ...(before[0] as RequestRow), id: 'req_zz' };
    const countKinds = async () =>
      Number(
        (await raw<{ kinds: number }>`SELECT COUNT(*) AS kinds FROM request_kinds`.execute(database.tables())).rows[0]
          ?.kinds,
      );
    const kinds = await countKinds();
    await insertRequests(database, [again]);
    expect(await countKinds()).toBe(kinds);
    expect((await readRequests(database)).at(-1)).toEqual(again);
  });

  it('lists the kinds of an empty installation as none', async () => {
    const database = await open();
    await migrate(database, ALL);
    expect(await readRequests(database)).toEqual([]);
  });
});
