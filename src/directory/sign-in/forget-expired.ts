import type { DirectoryDeps } from '../deps.ts';
import { RENEWED_TWICE_MS } from '../device-grants/renew-grant.ts';
import { deviceGrantStore } from '../device-grants/store.ts';
import { flowStore } from './providers/store.ts';
import { signInStore } from './store.ts';

/**
 * Deletes sessions, one-time links and unfinished sign-ins whose time is over, and notes the end of devices that went unused;
 * all of them have stopped counting already.
 */
export const forgetExpired = async ({ database, now }: DirectoryDeps): Promise<void> => {
  await signInStore(database).deleteExpired(now());
  await flowStore(database).deleteExpired(now());
  await deviceGrantStore(database).endExpired(now());
  await deviceGrantStore(database).forgetTokens(now() - RENEWED_TWICE_MS);
};
