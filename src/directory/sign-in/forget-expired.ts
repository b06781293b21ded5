import type { DirectoryDeps } from '../deps.ts';
import { signInStore } from './store.ts';

/** Deletes sessions and one-time links whose time is over; they have stopped counting already. */
export const forgetExpired = ({ database, now }: DirectoryDeps): Promise<void> =>
  signInStore(database).deleteExpired(now());
