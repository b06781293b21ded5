import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, openConnection } from './connection.ts';
import type { Aim } from './protocol.ts';

// Dialling in small groups keeps accept queues short, so that the number of open streams is the only strain.
const DIAL_GROUP = 25;

/** Streams that are open at the same time: how many have sent a first byte, ended whole, or broken. */
export type HeldStreams = { open: number; finished: number; broken: number };

const until = async (isTrue: () => boolean, secondsMax: number): Promise<void> => {
  const late = performance.now() + secondsMax * 1000;
  while (!isTrue() && performance.now() < late) await sleep(20);
};

/** Holds streams between two commands: `open` returns when all are flowing (or time is up), `drain` when all have ended. */
export const createHold = () => {
  let connections: Connection[] = [];
  let counts: HeldStreams = { open: 0, finished: 0, broken: 0 };

  const dial = ({ port, request }: Aim): void => {
    const connection = openConnection(port, {
      firstByte: () => {
        counts.open += 1;
      },
      done: ({ status }) => {
        if (status === 200) counts.finished += 1;
        else counts.broken += 1;
      },
      broken: () => {
        counts.broken += 1;
      },
    });
    connections.push(connection);
    connection.send(request);
  };

  return {
    async open(aim: Aim & { connections: number; secondsMax: number }): Promise<HeldStreams> {
      counts = { open: 0, finished: 0, broken: 0 };
      for (let count = 0; count < aim.connections; count += 1) {
        dial(aim);
        if (count % DIAL_GROUP === DIAL_GROUP - 1) await sleep(10);
      }
      await until(() => counts.open + counts.broken >= aim.connections, aim.secondsMax);
      return { ...counts };
    },
    async drain(secondsMax: number): Promise<HeldStreams> {
      await until(() => counts.finished + counts.broken >= connections.length, secondsMax);
      for (const connection of connections) connection.close();
      connections = [];
      return { ...counts };
    },
  };
};
