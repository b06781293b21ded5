import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import type { Aim, Probe, Traffic } from './protocol.ts';
import { createTally } from './tally.ts';

// A run in which nothing works must end, not reconnect for ever.
const BROKEN_MAX = 200;
const ANSWER_SECONDS_MAX = 20;
/** The open loop's first moments, in which gateways dial their upstream, are not measured. */
const SETTLE_SECONDS = 0.5;
const SPARE_CONNECTIONS = 32;

/** One request; answers with the whole body as text. */
export const probe = ({ port, request }: Aim): Promise<Probe> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const late = setTimeout(
      () => reject(new Error(`no answer within ${ANSWER_SECONDS_MAX} s`)),
      ANSWER_SECONDS_MAX * 1000,
    );
    const connection = openConnection(port, {
      payload: (bytes) => parts.push(Buffer.from(bytes)),
      broken: () => reject(new Error('the connection closed before the answer was whole')),
      done: ({ status, payloadBytes }) => {
        clearTimeout(late);
        connection.close();
        resolve({ status, payloadBytes, payload: Buffer.concat(parts).toString('utf8') });
      },
    });
    connection.send(request);
  });

/** Keeps `connections` requests under way for `seconds`, then waits for the last answers. */
export const driveClosed = async (
  aim: Aim & { connections: number; seconds: number; payloadBytes: number },
): Promise<Traffic> => {
  const tally = createTally(aim.payloadBytes);
  const started = performance.now();
  const deadline = started + aim.seconds * 1000;
  let brokenCount = 0;
  const worker = (finished: () => void): void => {
    const again = (connection: Connection): void => {
      if (performance.now() < deadline) connection.send(aim.request);
      else {
        connection.close();
        finished();
      }
    };
    const connection: Connection = openConnection(aim.port, {
      done: (exchange) => {
        tally.add(exchange);
        again(connection);
      },
      broken: () => {
        tally.break();
        brokenCount += 1;
        if (brokenCount < BROKEN_MAX && performance.now() < deadline) worker(finished);
        else finished();
      },
    });
    connection.send(aim.request);
  };
  const workers = Array.from({ length: aim.connections }, () => new Promise<void>(worker));
  await Promise.race([
    Promise.all(workers),
    sleep((aim.seconds + ANSWER_SECONDS_MAX) * 1000, undefined, { ref: false }),
  ]);
  return tally.sum((performance.now() - started) / 1000);
};

/** Idle keep-alive connections; a request takes one or opens another, so that no request waits for an earlier one. */
const createPool = (port: number, events: { done: Parameters<typeof openConnection>[1]['done']; broken(): void }) => {
  const idle: Connection[] = [];
  const all = new Set<Connection>();
  const add = (): Connection => {
    const connection = openConnection(port, {
      done: (exchange) => {
        idle.push(connection);
        events.done(exchange);
      },
      broken: events.broken,
    });
    all.add(connection);
    return connection;
  };
  const take = (): Connection => {
    let connection = idle.pop();
    while (connection !== undefined && !connection.isUsable) connection = idle.pop();
    return connection ?? add();
  };
  return {
    warm: () => idle.push(...Array.from({ length: SPARE_CONNECTIONS }, add)),
    take,
    close: () => {
      for (const connection of all) connection.close();
    },
  };
};

/** Sends at a fixed rate whatever the answers do. Time to first byte counts from the moment of sending. */
export const driveOpen = async (
  aim: Aim & { rate: number; seconds: number; payloadBytes: number },
): Promise<Traffic> => {
  const settling = createTally(aim.payloadBytes);
  const measured = createTally(aim.payloadBytes);
  const settleCount = Math.round(aim.rate * SETTLE_SECONDS);
  const wanted = settleCount + Math.round(aim.rate * aim.seconds);
  let sent = 0;
  const current = () => (settling.total() < settleCount ? settling : measured);
  const pool = createPool(aim.port, { done: (exchange) => current().add(exchange), broken: () => current().break() });
  pool.warm();
  await sleep(50);
  const started = performance.now();
  while (sent < wanted) {
    const due = Math.floor(((performance.now() - started) / 1000) * aim.rate);
    for (; sent < Math.min(due, wanted); sent += 1) pool.take().send(aim.request);
    await sleep(1);
  }
  const late = performance.now() + ANSWER_SECONDS_MAX * 1000;
  while (settling.total() + measured.total() < wanted && performance.now() < late) await sleep(5);
  pool.close();
  return { ...measured.sum((performance.now() - started) / 1000 - SETTLE_SECONDS), sent };
};
