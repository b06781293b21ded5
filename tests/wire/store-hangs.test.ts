import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { send } from '../support/http.ts';
import { answerWell, bodyOf, messageJson } from '../support/messages.ts';
import { startPostgres } from '../support/postgres.ts';
import { spend, startRemitProcess } from '../support/remit.ts';
import { startSilentDatabase, stopProcesses } from '../support/silent-database.ts';
import { startUpstream } from '../support/upstreams.ts';
import { waitFor } from '../support/wait.ts';

/**
 * A database that hangs: it accepts everything and answers nothing. Requests hear within seconds what becomes of them, and once it
 * answers again everything adds up, whatever had become of the commits whose answers were lost.
 */

/** Two seconds until a statement is late, two for asking about it, and room for a busy machine. */
const SECONDS_MAX = 6;

type Silence = Awaited<ReturnType<typeof startSilentDatabase>>;
type Hang = (at: { readonly silence: Silence; readonly serverUrl: string }) => Promise<() => void>;

const swallowing =
  (what: 'everything' | 'answers'): Hang =>
  async ({ silence }) => {
    silence.swallow(what);
    return silence.pass;
  };

const stopped: Hang = ({ serverUrl }) => stopProcesses(serverUrl);

const HANGS = [
  { how: 'whose processes are stopped', mode: 'closed', hang: stopped },
  { how: 'whose processes are stopped', mode: 'open', hang: stopped },
  { how: 'whose network swallows all bytes', mode: 'closed', hang: swallowing('everything') },
  { how: 'whose answers are swallowed', mode: 'open', hang: swallowing('answers') },
] as const;

const start = async (mode: 'open' | 'closed') => {
  const server = await startPostgres();
  onTestFinished(server.stop);
  const direct = await server.createDatabase();
  const silence = await startSilentDatabase(direct);
  onTestFinished(silence.close);
  const upstream = await startUpstream(answerWell);
  const remit = await startRemitProcess({ upstreamUrl: upstream.url, databaseUrl: silence.url });
  onTestFinished(remit.stop);
  await remit.allowAll();
  // `closed` is what holds without a word.
  if (mode === 'open')
    await remit.call(spend.updateSpendSettings, { body: { store_outage: { mode, grace_seconds: 60 } } });
  const [limited, unlimited] = [await remit.newMember(), await remit.newMember()];
  await remit.call(spend.setSpendLimit, {
    body: { scope: { type: 'user', user_id: limited.id }, amount: '1000', period: 'monthly' },
  });
  const ask = async (member: typeof limited) => {
    const startedAt = performance.now();
    const answer = await send({ url: remit.url, key: member.key, body: bodyOf() });
    return { ...answer, seconds: (performance.now() - startedAt) / 1000 };
  };
  const readiness = async () => (await fetch(`${remit.url}/readyz`)).status;
  const addsUp = async () => (await remit.call(spend.verifySpendLedger, { query: {} })).adds_up;
  const rowsOf = async (sql: string) => {
    const client = new Client({ connectionString: direct });
    await client.connect();
    const { rows } = await client.query<{ n: string }>(sql);
    await client.end();
    return Number(rows[0]?.n);
  };
  for (const member of [limited, unlimited]) expect((await ask(member)).status).toBe(200);
  return { server, silence, remit, limited, unlimited, ask, readiness, addsUp, rowsOf };
};

test.each(HANGS)(
  'a database $how, $mode: requests are answered within seconds, and everything is booked once afterwards',
  async ({ mode, hang }) => {
    const { server, silence, remit, limited, unlimited, ask, readiness, addsUp, rowsOf } = await start(mode);
    const goOn = await hang({ silence, serverUrl: server.url });
    let isOver = false;
    onTestFinished(() => void (isOver || goOn()));
    // They come while the first commit hangs as well as after it.
    const asked = Array.from({ length: 12 }, async (_, index) => {
      await sleep(index * 300);
      return ask(index % 2 === 0 ? limited : unlimited);
    });
    await sleep(100);
    const ready = readiness();
    const answers = await Promise.all(asked);
    expect(await ready).toBe(503);
    for (const { status, seconds, text } of answers) {
      expect(seconds).toBeLessThan(SECONDS_MAX);
      if (mode === 'open') expect({ status, text }).toEqual({ status: 200, text: messageJson() });
      else expect({ status, text }).toEqual({ status: 503, text: expect.stringMatching(/cannot|reach/) });
    }
    // By now it is known: nobody waits any more.
    const late = await ask(unlimited);
    expect(late.seconds).toBeLessThan(1.9);
    const metrics = await (await fetch(`${remit.url}/metrics`)).text();
    expect(Number(/remit_database_connections_given_up_total (\d+)/.exec(metrics)?.[1])).toBeGreaterThan(0);

    goOn();
    isOver = true;
    await waitFor('the store', async () => (await ask(limited)).status === 200, 15_000);
    await waitFor('readiness', async () => (await readiness()) === 200);
    await waitFor('the ledger', addsUp, 20_000);
    await waitFor('the holds', async () => (await rowsOf('SELECT SUM(open_micros) AS n FROM spend_counters')) === 0);
    if (mode === 'open')
      for (const { headers } of [...answers, late])
        expect(await remit.decision(String(headers['request-id']))).toMatchObject({
          outcome: 'completed',
          status: 200,
        });
  },
  120_000,
);
