import type { ClaudeCodeDeps } from './deps.ts';
import { signInStore } from './sign-in/store.ts';

/** Deletes sign-ins of devices whose ten minutes are over; they have stopped counting already. */
export const forgetExpiredSignIns = ({ database, now }: Pick<ClaudeCodeDeps, 'database' | 'now'>): Promise<void> =>
  signInStore(database).deleteExpired(now());
