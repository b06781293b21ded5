/**
 * The thread that owns one connection to the SQLite file, so that a heavy report or a long transaction does not hold up
 * the event loop that carries streams. Started by sqlite-lane.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, openConnection, resultCodeOf } from './sqlite-connection.ts';
import type { AppendCommit, Command, Reply, WorkerSetup } from './sqlite-protocol.ts';

const connection = openConnection(workerData as WorkerSetup);

const execute = (command: Command): unknown => {
  switch (command[0]) {
    case 'query':
      return connection.query(command[1], command[2]);
    case 'append':
      return connection.append(JSON.parse(command[1]) as AppendCommit);
    case 'begin':
      return connection.begin();
    case 'commit':
      return connection.commit();
    case 'rollback':
      return connection.rollback();
    case 'close':
      return connection.close();
    default:
      return command satisfies never;
  }
};

const answer = (command: Command): Reply => {
  try {
    return [true, execute(command)];
  } catch (error) {
    return [false, messageOf(error), resultCodeOf(error)];
  }
};

parentPort?.on('message', (command: Command) => {
  parentPort?.postMessage(answer(command));
  if (command[0] === 'close') parentPort?.close();
});
