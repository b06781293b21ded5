import { expect, it } from 'vitest';
import { forEachDatabase } from '../../../tests/support/databases.ts';
import { createNewId } from '../../kernel/index.ts';
import { createRandomBytes, type Database, migrate } from '../../platform/index.ts';
import { callStore } from './call-store.ts';
import { forgetOldCalls } from './forget-old-calls.ts';
import { mcpMigrations } from './migrations.ts';
import { closeInterruptedCalls, createCallRecorder } from './record-calls.ts';
import type { McpCallRow, McpTables } from './tables.ts';

const call = (id: string, changes: Partial<McpCallRow> = {}): McpCallRow => ({
  id,
  request_id: `req_${id}`,
  started_at: 1000,
  node: 'one',
  user_id: 'user_1',
  group_id: null,
  api_key_id: 'apikey_1',
  connector_id: 'mcpsrv_1',
  connector_slug: 'ledger',
  method: 'tools/call',
  name: 'add',
  level: 'always',
  effect: 'allow',
  reason: null,
  policy_version: 7,
  client: null,
  session: null,
  body_bytes: 10,
  ...changes,
});

const CONNECTORS = {
  name: 'connectors-of-the-test',
  up: async ({ schema }: Parameters<(typeof mcpMigrations)[number]['up']>[0], { text }: { text: never }) => {
    await schema
      .createTable('connectors')
      .addColumn('id', text, (column) => column.primaryKey())
      .execute();
  },
};

forEachDatabase((_engine, open) => {
  const prepared = async (): Promise<Database> => {
    const database = await open();
    await migrate(database, [CONNECTORS as never, ...mcpMigrations]);
    return database;
  };
  const lost = () => expect.unreachable();

  it('writes decisions and endings, and reads them together, newest first', async () => {
    const database = await prepared();
    const recorder = createCallRecorder(database.journal, lost);
    await recorder.decided([call('mcpcall_1'), call('mcpcall_2', { effect: 'deny', reason: 'x', user_id: 'user_2' })]);
    recorder.ended({
      call_id: 'mcpcall_1',
      ended_at: 2000,
      outcome: 'completed',
      status: 200,
      answer_bytes: 5,
      total_ms: 1.5,
    });
    await database.journal.flush();
    const rows = await callStore(database).list({ limit: 10 });
    expect(rows.map(({ id, outcome, total_ms }) => [id, outcome, total_ms])).toEqual([
      ['mcpcall_2', null, null],
      ['mcpcall_1', 'completed', 1.5],
    ]);
    expect(await callStore(database).list({ limit: 10, effect: 'deny' })).toHaveLength(1);
    expect(
      await callStore(database).list({ limit: 10, userId: 'user_1', name: 'add', connectorId: 'mcpsrv_1' }),
    ).toHaveLength(1);
    expect(await callStore(database).list({ limit: 10, requestId: 'req_other' })).toEqual([]);
    expect((await callStore(database).list({ limit: 10, afterId: 'mcpcall_2' })).map(({ id }) => id)).toEqual([
      'mcpcall_1',
    ]);
    expect((await callStore(database).list({ limit: 10, beforeId: 'mcpcall_1' })).map(({ id }) => id)).toEqual([
      'mcpcall_2',
    ]);
  });

  it('tells when a decision cannot be written down', async () => {
    const database = await prepared();
    const recorder = createCallRecorder(database.journal, lost);
    await recorder.decided([call('mcpcall_1')]);
    await expect(recorder.decided([call('mcpcall_1')])).rejects.toThrow();
  });

  it('forgets calls from before a time with their endings, however many, and nothing newer', async () => {
    const database = await prepared();
    let ms = Date.UTC(2020, 0, 1);
    const newId = createNewId(() => ms, createRandomBytes());
    const rows = Array.from({ length: 5200 }, (_, at) => {
      ms += 1;
      return call(newId('mcpCall'), at % 2 === 0 ? {} : { effect: 'deny' });
    });
    const before = ms + 1;
    ms += 1;
    const kept = call(newId('mcpCall'));
    const recorder = createCallRecorder(database.journal, lost);
    await recorder.decided([...rows, kept]);
    const ending = { ended_at: 2000, outcome: 'completed', status: 200, answer_bytes: 5, total_ms: 1.5 } as const;
    for (const { id } of [...rows.filter(({ effect }) => effect === 'allow'), kept])
      recorder.ended({ call_id: id, ...ending });
    await database.journal.flush();
    await forgetOldCalls(database, before);
    expect((await callStore(database).list({ limit: 10 })).map(({ id, outcome }) => [id, outcome])).toEqual([
      [kept.id, 'completed'],
    ]);
    const endings = await database.tables<McpTables>().selectFrom('mcp_call_endings').select('call_id').execute();
    expect(endings).toEqual([{ call_id: kept.id }]);
  });

  it('ends what this node left open when its process ended, and nothing else', async () => {
    const database = await prepared();
    const recorder = createCallRecorder(database.journal, lost);
    await recorder.decided([
      call('mcpcall_1'),
      call('mcpcall_2', { node: 'two' }),
      call('mcpcall_3', { effect: 'deny' }),
      call('mcpcall_4'),
    ]);
    recorder.ended({
      call_id: 'mcpcall_4',
      ended_at: 2000,
      outcome: 'failed',
      status: 502,
      answer_bytes: 0,
      total_ms: 1,
    });
    await database.journal.flush();
    await closeInterruptedCalls({ database, node: 'one', now: () => 5000 });
    const rows = await callStore(database).list({ limit: 10 });
    expect(rows.map(({ id, outcome, total_ms }) => [id, outcome, total_ms])).toEqual([
      ['mcpcall_4', 'failed', 1],
      ['mcpcall_3', null, null],
      ['mcpcall_2', null, null],
      ['mcpcall_1', 'interrupted', 4000],
    ]);
  });
});
