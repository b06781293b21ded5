import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { send } from '../support/http.ts';
import { answerWell, bodyOf } from '../support/messages.ts';
import { openStore, type Store } from '../support/read-store.ts';
import { ENGINES, type RemitProcess, spend, startRemitProcess } from '../support/remit.ts';
import { openUpstreamServer, type TestUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/** A re-rating that is killed again and again books every request once, and ends by itself. */

/** Requests that are re-rated: some dozens of pieces. */
const REQUESTS = 6000;
const KILLS = 3;

const dateIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** Copies a request that was served, so often that re-rating them takes a while; the ids of the copies come behind its own. */
const copyRequests = async (store: Store, id: string): Promise<void> => {
  for (const [table, key] of [
    ['request_log', 'id'],
    ['usage', 'request_id'],
  ] as const) {
    const [row = {}] = await store.run(`SELECT * FROM ${table} WHERE ${key} = '${id}'`);
    const columns = Object.keys(row).filter((column) => column !== key);
    await store.run(`
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${REQUESTS - 1})
      INSERT INTO ${table} (${key}, ${columns.join(', ')})
      SELECT substr(r.${key}, 1, 20) || CAST(1000000000 + n.i AS text), ${columns.map((column) => `r.${column}`).join(', ')}
      FROM n CROSS JOIN ${table} r WHERE r.${key} = '${id}'`);
  }
};

describe.each(ENGINES)('on $name', (engine) => {
  let folder: string;
  let databaseUrl: string | undefined;
  let upstream: TestUpstream;
  let remit: RemitProcess;
  let store: Store;
  const start = () => startRemitProcess({ folder, upstreamUrl: upstream.url, databaseUrl });

  beforeAll(async () => {
    await engine.start();
    databaseUrl = await engine.databaseUrl();
    folder = mkdtempSync(join(tmpdir(), 'remit-rerating-'));
    upstream = await openUpstreamServer((request, response) =>
      request.method === 'GET' ? void response.writeHead(404).end() : answerWell(request, response),
    );
    remit = await start();
    store = await openStore(folder, databaseUrl);
    await remit.allowAll();
  });
  afterAll(async () => {
    await store.close();
    await remit.stop();
    await upstream.close();
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const stateOf = async (id: string) => remit.call(spend.getRerating, { params: { rerating_id: id } });
  const microsIn = async (sql: string) => Number((await store.run(sql))[0]?.micros);

  test('goes on after each kill -9 where it was, and books nothing twice', async () => {
    const member = await remit.newMember();
    const served = await send({ url: remit.url, key: member.key, body: bodyOf() });
    await remit.decision(String(served.headers['request-id']));
    await copyRequests(store, String(served.headers['request-id']));
    // The copies were made past the ledger; it counts them from their rows.
    await remit.callNow(spend.rebuildSpendLedger, { query: {}, body: {} } as never);
    const before = await microsIn('SELECT SUM(cost_micros) AS micros FROM usage');
    await remit.call(spend.createPriceRule, {
      body: { rule: { kind: 'multiplier', scope: { type: 'all' }, factor: '3', starting_date: dateIn(-2) } },
    });

    const days = { starting_date: dateIn(-1), ending_date: dateIn(1) };
    const { id } = await remit.callNow(spend.createRerating, { body: days });
    let seen = 0;
    let stopped = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const state = await waitFor(
        'the re-rating to go on',
        async () => {
          const now = await stateOf(id);
          return now.requests > seen && now;
        },
        40_000,
      );
      seen = state.requests;
      await sleep(Math.random() * 60);
      await remit.kill();
      if (state.state === 'running') stopped += 1;
      remit = await start();
    }
    expect(stopped).toBe(KILLS);

    const ended = await waitFor(
      'its end',
      async () => {
        const now = await stateOf(id);
        return now.state === 'ended' && now;
      },
      60_000,
    );
    expect(ended).toMatchObject({ requests: REQUESTS, requests_changed: REQUESTS, requests_left: 0 });
    const after = await microsIn('SELECT SUM(cost_micros) AS micros FROM usage');
    expect(after).toBe(3 * before);
    expect(Number(ended.difference)).toBeCloseTo((after - before) / 10_000, 1);
    expect(
      await microsIn("SELECT SUM(settled_micros) AS micros FROM spend_counters WHERE account = 'organization'"),
    ).toBe(after);
    expect((await remit.call(spend.verifySpendLedger, { query: {} })).adds_up).toBe(true);
    const told = await store.run("SELECT type FROM activities WHERE type LIKE 'remit_rerating%' ORDER BY id");
    expect(told.map(({ type }) => type)).toEqual(['remit_rerating_started', 'remit_rerating_ended']);

    // Done again by the same book, it changes nothing.
    const again = await remit.callNow(spend.createRerating, { body: days });
    const same = await waitFor(
      'its end',
      async () => {
        const now = await stateOf(again.id);
        return now.state === 'ended' && now;
      },
      60_000,
    );
    expect(same).toMatchObject({ requests: REQUESTS, requests_changed: 0, difference: '0' });
  }, 240_000);
});
