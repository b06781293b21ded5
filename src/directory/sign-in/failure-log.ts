import { type Doer, Refusal } from '../../kernel/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { isTooMany } from './accounts/check-password.ts';
import { createAttempts, placeOf } from './attempts.ts';
import type { AuthMethod } from './tables.ts';

const QUARTER_HOUR_MS = 15 * 60 * 1000;
const RECORDED_MAX = 500;

/**
 * Records sign-ins that were refused, with the reason that was told. Somebody who hammers the door does not fill the
 * feed: of tries beyond a limit the first is recorded for each place and quarter of an hour, of all others 500 in a
 * quarter of an hour. The next that is recorded says how many were not.
 */
export const createFailureLog = ({ database, record, now }: DirectoryDeps) => {
  const all = createAttempts({ max: RECORDED_MAX, windowMs: QUARTER_HOUR_MS, now });
  const limited = createAttempts({ max: 1, windowMs: QUARTER_HOUR_MS, now });
  let unrecorded = 0;
  return async (by: Doer, method: AuthMethod, refused: unknown): Promise<void> => {
    if (!(refused instanceof Refusal)) return;
    const isBeyond = isTooMany(refused) && limited.count(placeOf(by.ipAddress)) > 0;
    if (isBeyond || all.count('all') > 0) {
      unrecorded += 1;
      return;
    }
    const not_recorded_before = unrecorded;
    unrecorded = 0;
    await record(database, by, {
      type: 'remit_login_failed',
      auth_method: method,
      reason: refused.message,
      not_recorded_before,
    });
  };
};
