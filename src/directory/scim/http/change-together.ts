import { setImmediate as nextTurn } from 'node:timers/promises';
import { readResource } from '../rules/read-resource.ts';
import { USER } from '../rules/schema/resource-type.ts';
import type { ScimUser } from '../store/user-store.ts';
import type { Work } from '../sync/context.ts';
import { createUser } from '../users/create-user.ts';
import type { ChangeDirectory, ScimDeps } from './exchange.ts';
import { arrivalsFrom, runTogether, type Take, type Tell, type Waiting } from './run-together.ts';

const WAIT_MS_MAX = 60_000;

const waitedTooLong = () => new Error(`Other changes have kept the directory busy for ${WAIT_MS_MAX} ms`);

/**
 * Runs changes of directories in the order they come, those that wait together in one transaction: a sync of a whole
 * company sends thousands, and each commit, version of the policy and new snapshot costs as much as the change itself.
 * One that fails takes nothing from the others: what shared its transaction runs again without it. A change is answered
 * once it is in force here; the next ones do not wait for that.
 */
export const createChangeTogether = (deps: ScimDeps): ChangeDirectory => {
  const waiting: Waiting[] = [];
  let isRunning = false;

  const refuseLate = (): void => {
    const before = performance.now() - WAIT_MS_MAX;
    const inTime = waiting.findIndex(({ since }) => since > before);
    for (const { reject } of waiting.splice(0, inTime === -1 ? waiting.length : inTime)) reject(waitedTooLong());
  };

  const take: Take = () => {
    refuseLate();
    return waiting.splice(0, Math.max(1, arrivalsFrom(waiting, 0).length));
  };

  const runWaiting = async (): Promise<void> => {
    isRunning = true;
    // What has come in this turn of the event loop goes together.
    await nextTurn();
    while (waiting.length > 0) await runTogether(deps, take(), take);
    isRunning = false;
  };

  const wait = (change: Omit<Waiting, 'since'>): void => {
    waiting.push({ ...change, since: performance.now() });
    if (!isRunning) void runWaiting();
  };

  return {
    run: (exchange, run) =>
      new Promise((resolve, reject) => {
        const runAndTell = async (work: Work): Promise<Tell> => {
          const result = await run(work);
          return () => resolve(result);
        };
        wait({ exchange, run: runAndTell, arrival: undefined, reject });
      }),
    addUser: (exchange, body) =>
      new Promise((resolve, reject) => {
        const tellOf = (user: ScimUser | undefined): Tell => {
          return () => resolve(user);
        };
        const run = async (work: Work): Promise<Tell> =>
          tellOf(await createUser(work, readResource(USER, body).resource));
        wait({ exchange, run, arrival: { body, tellOf }, reject });
      }),
  };
};
