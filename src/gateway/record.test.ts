import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { forEachDatabase } from '../../tests/support/databases.ts';
import { type PostgresServer, startPostgres } from '../../tests/support/postgres.ts';
import {
  type AccessTables,
  accessMigrations,
  type Decision,
  packDecision,
  type RequestRow,
  type Wanted,
} from '../access/index.ts';
import { activityMigrations } from '../activity/index.ts';
import { directoryMigrations } from '../directory/index.ts';
import { type Database, migrate, openDatabase } from '../platform/index.ts';
import { createTypicalOutput, openLedger, spendMigrations } from '../spend/index.ts';
import type { DecidedRequest } from './decided-request.ts';
import { createRecorder, type Recorder } from './record.ts';

const openRecorder = async (database: Database, node: string): Promise<Recorder> =>
  createRecorder({
    journal: database.journal,
    pricing: () => {
      throw new Error('Nothing ends here');
    },
    node,
    ledger: await openLedger({ database, node, now: Date.now }),
    typicalOutput: createTypicalOutput(),
    lost: () => undefined,
    expired: () => undefined,
  });

const prepare = (database: Database) =>
  migrate(database, [...activityMigrations, ...directoryMigrations, ...accessMigrations, ...spendMigrations]);

const decide = (recorder: Recorder, request: DecidedRequest): Promise<Error | undefined> =>
  new Promise((resolve) => recorder.decided(request, resolve));

const readRequests = (database: Database): Promise<readonly RequestRow[]> =>
  database.tables<AccessTables>().selectFrom('requests').selectAll().orderBy('id').execute();

const WANTED: Wanted = {
  model: 'opus',
  effort: 'high',
  messageEfforts: [],
  thinkingBudget: null,
  fallbackModels: [],
  product: 'api',
  capabilities: [],
  servers: [],
  tools: [],
};

type Judged = Pick<DecidedRequest, 'decision' | 'wanted' | 'packed'>;

const judged = (model: string, effect: Decision['effect'], isRemembered: boolean): Judged => {
  const decision: Decision = {
    effect,
    model: { asked: model, used: effect === 'deny' ? null : model, id: null },
    effort: { asked: 'high', used: null, cap: 'max' },
    changes: {},
    policyVersion: 3,
    findings: [
      { rule: 'model', effect: effect === 'deny' ? 'deny' : 'allow', reason: 'model-permitted', because: { model } },
    ],
  } as unknown as Decision;
  const wanted = { ...WANTED, model };
  return { decision, wanted, ...(isRemembered ? { packed: packDecision(decision, wanted) } : {}) };
};

/** As the evaluator keeps them: one object for all requests that want the same. */
const JUDGED = [judged('opus', 'allow', true), judged('opus', 'deny', true), judged('haiku', 'clamp', true)];

const few = (...names: readonly string[]) => fc.option(fc.constantFrom(...names));

const request: fc.Arbitrary<Omit<DecidedRequest, 'id'>> = fc
  .record({
    judged: fc.oneof(
      fc.constantFrom(...JUDGED),
      fc.constantFrom('a', 'b').map((name) => judged(name, 'deny', false)),
    ),
    endpoint: fc.constantFrom('messages', 'count_tokens', 'batch_item'),
    key: fc.constantFrom('k1', 'k2'),
    userId: few('u1', 'u2'),
    groupId: few('g1', 'g2'),
    workspaceId: few('w1'),
    client: few('claude-cli/1', 'curl'),
    sessionId: few('s1', 's2'),
    stream: fc.boolean(),
    bodyBytes: fc.nat(1_000_000),
  })
  .map(({ judged: { decision, wanted, packed }, key, userId, groupId, workspaceId, client, sessionId, ...rest }) => ({
    ...rest,
    startedAt: 1_000,
    caller: { userId, groupId, workspaceId, credential: { id: key } as DecidedRequest['caller']['credential'] },
    client: { client, sessionId, agentId: null, parentAgentId: 'p' },
    decision,
    wanted,
    ...(packed === undefined ? {} : { packed }),
  }));

const expectedRow = (given: DecidedRequest, node: string): RequestRow => ({
  id: given.id,
  started_at: 1_000,
  node,
  endpoint: given.endpoint,
  user_id: given.caller.userId,
  group_id: given.caller.groupId,
  api_key_id: given.caller.credential.id,
  client: given.client.client,
  session_id: given.client.sessionId,
  agent_id: null,
  parent_agent_id: 'p',
  stream: given.stream ? 1 : 0,
  body_bytes: given.bodyBytes,
  effect: given.decision.effect,
  model_asked: given.decision.model.asked,
  model_used: given.decision.model.used,
  model_id: given.decision.model.id,
  effort_asked: given.decision.effort.asked,
  effort_used: given.decision.effort.used,
  effort_cap: given.decision.effort.cap,
  policy_version: 3,
  workspace_id: given.caller.workspaceId,
  ...packDecision(given.decision, given.wanted),
});

const named = (some: readonly Omit<DecidedRequest, 'id'>[], run: string): readonly DecidedRequest[] =>
  some.map((one, at) => ({ ...one, id: `req_${run}_${String(at).padStart(6, '0')}` }));

forEachDatabase((engine, open) => {
  it('reads each request as it was decided, whatever it has in common with others', async () => {
    const database = await open();
    await prepare(database);
    let run = 0;
    const written: RequestRow[] = [];
    let recorder = await openRecorder(database, 'one');
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 60 }), fc.boolean(), async (some, isStarted) => {
        if (isStarted) recorder = await openRecorder(database, 'one');
        const requests = named(some, String(run++).padStart(6, '0'));
        written.push(...requests.map((one) => expectedRow(one, 'one')));
        const told = await Promise.all(requests.map((one) => decide(recorder, one)));
        expect(told.every((error) => error === undefined)).toBe(true);
      }),
      { numRuns: 25 },
    );
    expect(await readRequests(database)).toEqual(written);
  });

  it('leaves no request without what it has in common with others, when commits fail or rows are refused', async () => {
    const database = await open();
    await prepare(database);
    const recorder = await openRecorder(database, 'one');
    const [one, two, three, four] = named(
      fc.sample(request, { numRuns: 1, seed: 3 }).flatMap((it) => [it, it, it, it]),
      'a',
    );
    if (one === undefined || two === undefined || three === undefined || four === undefined) throw new Error('four');
    // What SQLite has kept outlasts a commit that fails; on PostgreSQL it fails with it.
    const outlasting = engine === 'sqlite' ? [one] : [];
    const failing = decide(recorder, one);
    database.journal.append({ name: 'missing', columns: ['a'] }, [1]);
    expect(await failing).toEqual(engine === 'sqlite' ? undefined : expect.any(Error));
    expect(await readRequests(database)).toEqual(outlasting.map((given) => expectedRow(given, 'one')));
    expect(await decide(recorder, two)).toBeUndefined();
    // One that is refused alone, with the first of another kind.
    const other = { ...two, client: { ...two.client, client: 'another' } };
    await decide(recorder, other);
    const third = { ...three, client: { ...three.client, client: 'another' } };
    expect(await decide(recorder, third)).toBeUndefined();
    expect(await decide(recorder, four)).toBeUndefined();
    const stored = [...outlasting, two, third, four];
    expect(await readRequests(database)).toEqual(stored.map((given) => expectedRow(given, 'one')));
  });
});

describe('on PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  test('two processes that write the same kinds at once, in other orders, disturb each other in nothing', async () => {
    const url = await server.createDatabase();
    const databases = [await openDatabase({ url }), await openDatabase({ url })];
    const [first] = databases;
    if (first === undefined) throw new Error('two');
    await prepare(first);
    // The same name twice, as while one process takes the other's place.
    const recorders = [
      await openRecorder(databases[0] as Database, 'one'),
      await openRecorder(databases[1] as Database, 'one'),
    ];
    const [sample] = fc.sample(request, { numRuns: 1, seed: 5 });
    if (sample === undefined) throw new Error('one');
    const written: DecidedRequest[] = [];
    for (let round = 0; round < 10; round++) {
      const kinds = Array.from({ length: 100 }, (_, at) => ({
        ...sample,
        client: { ...sample.client, client: `client ${round} ${at}` },
      }));
      const sent = [named(kinds, `${round}_a`), named([...kinds].reverse(), `${round}_b`)];
      written.push(...sent.flat());
      const told = await Promise.all(
        sent.flatMap((requests, at) => requests.map((one) => decide(recorders[at] as Recorder, one))),
      );
      expect(told.filter((error) => error !== undefined)).toEqual([]);
    }
    const rows = await readRequests(first);
    const byId = new Map(rows.map((row) => [row.id, row]));
    expect(byId.size).toBe(written.length);
    for (const one of written) expect(byId.get(one.id)).toEqual(expectedRow(one, 'one'));
    const kinds = await first.tables<AccessTables>().selectFrom('request_kinds').select('id').execute();
    expect(kinds.length).toBe(1000);
    for (const database of databases) await database.close();
  }, 60_000);
});
