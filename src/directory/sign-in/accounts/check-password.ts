import { type Doer, Refusal } from '../../../kernel/index.ts';
import { hashPassword, isHashOutdated, matchesPassword, newSecret } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { emailKey, type Member, memberStore } from '../../members/store.ts';
import { createAttempts, placeOf } from '../attempts.ts';
import { accountStore } from './store.ts';

const WINDOW_MS = 15 * 60 * 1000;

// Many people sign in from one office; wrong passwords of all of them together are still far fewer.
const LIMITS = { perAddressMax: 10, perPlaceMax: 100 } as const;

/** Most tries at once, and in each quarter of an hour. */
export type Limits = { readonly perAddressMax: number; readonly perPlaceMax: number };

const wrong = () => new Refusal('unauthenticated', 'The e-mail address or the password is not right.');

/** Whether a refusal only says that there were too many tries. */
export const isTooMany = (thrown: unknown): boolean => thrown instanceof Refusal && thrown.code === 'rate_limited';

const tooMany = (what: string, waitMs: number) => {
  const seconds = Math.ceil(waitMs / 1000);
  return new Refusal('rate_limited', `Too many failed tries ${what}. Try again in ${seconds} seconds.`, {
    details: { error_code: 'too_many_attempts', retry_after_seconds: seconds },
  });
};

/** A right password. `succeed` is called once everything else that was asked for is right too. */
export type CheckedPassword = { readonly member: Member; readonly succeed: () => void };

/**
 * Checks e-mail address and password. Unknown addresses take as long as wrong passwords. Tries are limited for each
 * e-mail address and for each place they come from; they count until the whole sign-in has succeeded, so that a right
 * password gives no free guesses at the second factor. A hash of older parameters is replaced by one of today's.
 */
export const createPasswordCheck = (deps: DirectoryDeps, limits: Limits = LIMITS) => {
  const { now } = deps;
  const byAddress = createAttempts({ max: limits.perAddressMax, windowMs: WINDOW_MS, now });
  const byPlace = createAttempts({ max: limits.perPlaceMax, windowMs: WINDOW_MS, now });
  const decoy = hashPassword(newSecret());

  const count = (address: string, place: string): void => {
    const placeWait = byPlace.count(place);
    if (placeWait > 0) throw tooMany('from your network', placeWait);
    const addressWait = byAddress.count(address);
    if (addressWait > 0) throw tooMany('for this e-mail address', addressWait);
  };

  return async (email: string, password: string, from: Doer): Promise<CheckedPassword> => {
    const address = emailKey(email);
    const place = placeOf(from.ipAddress);
    count(address, place);
    const member = await memberStore(deps.database).findByEmail(email);
    const stored = member === undefined ? undefined : await accountStore(deps.database).findPassword(member.id);
    const matches = await matchesPassword(password, stored ?? (await decoy));
    if (!matches || stored === undefined || member?.status !== 'active') throw wrong();
    byPlace.giveBack(place);
    if (isHashOutdated(stored))
      await accountStore(deps.database).setPassword(member.id, await hashPassword(password), now());
    return { member, succeed: () => byAddress.forget(address) };
  };
};

/** {@link createPasswordCheck}'s answer. */
export type CheckPassword = ReturnType<typeof createPasswordCheck>;
