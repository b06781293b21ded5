import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { send } from '../support/http.ts';
import { answerWell, bodyOf, messageJson, STREAM } from '../support/messages.ts';
import { startPostgres } from '../support/postgres.ts';
import { type RemitProcess, spend, startRemitProcess } from '../support/remit.ts';
import { startUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/**
 * What an organisation chose for the time its store is away: `closed` serves nothing, `open` goes on for the grace. The
 * store is taken away from a running process: every write to a file fails, or the database lets nobody in.
 */

type Store = {
  readonly databaseUrl?: string;
  /** Takes the store away, and answers what brings it back. */
  takeAway(remit: RemitProcess): Promise<() => Promise<void>>;
};

const fullDisk: Store = {
  takeAway: async ({ pid }) => {
    const limitFiles = (bytes: string) => {
      const { status } = spawnSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:unlimited`]);
      expect(status).toBe(0);
    };
    limitFiles('1');
    return async () => limitFiles('unlimited');
  },
};

const closedDatabase = async (): Promise<Store> => {
  const server = await startPostgres();
  const databaseUrl = await server.createDatabase();
  const name = new URL(databaseUrl).pathname.slice(1);
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  onTestFinished(async () => {
    await admin.end();
    await server.stop();
  });
  return {
    databaseUrl,
    takeAway: async () => {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      return async () => void (await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`));
    },
  };
};

const STORES = [
  { engine: 'SQLite', open: async () => fullDisk },
  { engine: 'PostgreSQL', open: closedDatabase },
] as const;

/** Seconds a store may be away until `open` closes, too. */
const GRACE = 2;

/** Enough for a dozen requests, whose price is known: 1.68 cents together are reached by none of these tests. */
const LIMIT_CENTS = '100';

describe.each(STORES)('on $engine', ({ open }) => {
  const start = async (mode: 'open' | 'closed') => {
    const store = await open();
    const upstream = await startUpstream(answerWell);
    const remit = await startRemitProcess({ upstreamUrl: upstream.url, databaseUrl: store.databaseUrl });
    onTestFinished(remit.stop);
    await remit.allowAll();
    await remit.call(spend.updateSpendSettings, { body: { store_outage: { mode, grace_seconds: GRACE } } });
    const member = await remit.newMember();
    await remit.call(spend.setSpendLimit, {
      body: { scope: { type: 'user', user_id: member.id }, amount: LIMIT_CENTS, period: 'monthly' },
    });
    const ask = (extra = {}) => send({ url: remit.url, key: member.key, body: bodyOf(extra) });
    const spent = async (): Promise<number> => {
      const { data } = await remit.call(spend.listEffectiveSpendLimits, {
        query: { 'user_ids[]': [member.id] } as never,
      });
      return Number(data[0]?.period_to_date_spend);
    };
    const addsUp = async () => (await remit.call(spend.verifySpendLedger, { query: {} })).adds_up;
    expect(await ask()).toMatchObject({ status: 200, text: messageJson() });
    return { store, remit, ask, spent, addsUp, upstream };
  };

  test('open: requests go on for the grace and no longer, and what they cost is written afterwards', async () => {
    const { store, remit, ask, spent, addsUp, upstream } = await start('open');
    await waitFor('the first cost', async () => (await spent()) > 0);
    const each = await spent();

    const bringBack = await store.takeAway(remit);
    const served = [await ask(), await ask({ stream: true }), await ask()];
    expect(served.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(served[1]?.text).toBe(STREAM);
    // What is refused for another reason is told so, not that the store is away.
    expect((await ask({ model: 'claude-unknown' })).status).toBe(403);

    await sleep(GRACE * 1000 + 200);
    const before = upstream.received.length;
    const late = await ask();
    const wasSent = upstream.received.length > before;
    expect(late).toMatchObject({ status: 503, text: expect.stringContaining('cannot record requests') });

    await bringBack();
    await waitFor('the store', async () => (await ask()).status === 200, 10_000);
    for (const { headers } of served)
      expect(await remit.decision(String(headers['request-id']))).toMatchObject({ outcome: 'completed', status: 200 });
    // What had reached the provider by then has a price too. Where the ledger is asked first, nothing had.
    if (wasSent)
      expect(await remit.decision(String(late.headers['request-id']))).toMatchObject({ outcome: 'interrupted' });
    await waitFor('the costs of the five that were answered', async () => (await spent()) > 4.5 * each, 10_000);
    expect(await addsUp()).toBe(true);

    // Another outage has a grace of its own.
    const again = await store.takeAway(remit);
    expect((await ask()).status).toBe(200);
    await again();
  }, 120_000);

  test('closed, as it is by default: nothing is served while the store is away', async () => {
    const { store, remit, ask, spent, addsUp } = await start('closed');
    const bringBack = await store.takeAway(remit);
    for (const extra of [{}, { stream: true }])
      expect(await ask(extra)).toMatchObject({ status: 503, text: expect.stringMatching(/cannot|reach/) });
    await bringBack();
    await waitFor('the store', async () => (await ask()).status === 200, 10_000);
    expect(await addsUp()).toBe(true);
    await waitFor('the costs', async () => (await spent()) > 0);
  }, 120_000);
});
