import type { DirectoryDeps } from '../deps.ts';
import { flowStore } from './providers/store.ts';
import { signInStore } from './store.ts';

/** Deletes sessions, one-time links and unfinished sign-ins whose time is over; they have stopped counting already. */
export const forgetExpired = async ({ database, now }: DirectoryDeps): Promise<void> => {
  await signInStore(database).deleteExpired(now());
  await flowStore(database).deleteExpired(now());
};
