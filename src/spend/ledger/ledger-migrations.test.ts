import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { accessMigrations, type RequestRow } from '../../access/index.ts';
import { activityMigrations } from '../../activity/index.ts';
import { directoryMigrations } from '../../directory/index.ts';
import { DAY_MS } from '../../kernel/index.ts';
import { type Database, migrate } from '../../platform/index.ts';
import { spendMigrations } from '../migrations.ts';
import type { SpendTables } from '../tables.ts';
import { readCounters } from './counter-store.ts';

const ALL = [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations];

/** An installation from before there was a ledger: requests in one table, their usage beside them. */
const FIRST = ALL.filter(
  ({ name }) => name !== 'access-request-kinds' && (!name.startsWith('spend') || name === 'spend-001-usage'),
);

const request = (id: string, day: number, more: Partial<RequestRow>): RequestRow => ({
  id,
  started_at: day * DAY_MS + 1,
  node: 'one',
  endpoint: 'messages',
  user_id: null,
  group_id: null,
  api_key_id: 'key',
  client: null,
  session_id: null,
  agent_id: null,
  parent_agent_id: null,
  stream: 0,
  body_bytes: 1,
  effect: 'allow',
  reason: null,
  model_asked: 'm',
  model_used: 'm',
  model_id: 'm',
  effort_asked: null,
  effort_used: null,
  effort_cap: null,
  policy_version: 1,
  findings: '[]',
  wanted: '{}',
  workspace_id: null,
  ...more,
});

const usage = (id: string, costMicros: number) => ({
  request_id: id,
  ended_at: 1,
  outcome: 'completed' as const,
  input_tokens: 1,
  output_tokens: 1,
  thinking_tokens: 0,
  cache_write_5m_tokens: 0,
  cache_write_1h_tokens: 0,
  cache_read_tokens: 0,
  web_searches: 0,
  web_fetches: 0,
  speed: 'standard' as const,
  cost_micros: costMicros,
  estimated: 0,
  priced: 1,
  price_book: 'b',
  total_ms: 1,
});

const insert = async (database: Database): Promise<void> => {
  const tables = database.tables<Pick<SpendTables, 'usage'> & { requests: RequestRow }>();
  const requests = [
    request('req_1', 100, { user_id: 'ada' }),
    request('req_2', 100, { user_id: 'ada', workspace_id: 'w' }),
    request('req_3', 101, { group_id: 'g' }),
  ];
  await tables.insertInto('requests').values(requests).execute();
  for (const [id, micros] of [
    ['req_1', 5],
    ['req_2', 7],
    ['req_3', 11],
  ] as const)
    await tables
      .insertInto('usage')
      .values(usage(id, micros) as never)
      .execute();
};

forEachDatabase((_engine, open) => {
  it('counts what was spent before there was a ledger, in whatever form its requests are by then', async () => {
    const database = await open();
    await migrate(database, FIRST);
    await insert(database);
    await migrate(database, ALL);
    const counted = (await readCounters(database, 0)).map(({ account, day, settledMicros }) => [
      account,
      day,
      settledMicros,
    ]);
    expect(counted.sort()).toEqual(
      [
        ['organization', 100, 12],
        ['organization', 101, 11],
        ['user:ada', 100, 12],
        ['service:g', 101, 11],
        ['key:key', 100, 12],
        ['key:key', 101, 11],
        ['workspace:w', 100, 7],
        ['model:m', 100, 12],
        ['model:m', 101, 11],
      ].sort(),
    );
  });
});
