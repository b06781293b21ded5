import { Refusal } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { memberStore } from '../../members/store.ts';
import { createAttempts } from '../attempts.ts';
import type { SecondFactorUsed } from '../sessions/open-session.ts';
import type { StoredLink } from '../store.ts';
import { checkSecondFactor } from './check-second-factor.ts';
import { refuseWeakPassword } from './password-rules.ts';
import { accountStore } from './store.ts';

const TRIES = { max: 10, windowMs: 15 * 60 * 1000 } as const;

/** What is brought with a link: the password to set, and a code of the second factor. */
type Brought = { readonly password: string; readonly code?: string | undefined };

/** Whether whoever uses a link has to show the second factor of its member too. An emergency link stands in for it. */
export const asksForCode = async ({ database }: DirectoryDeps, { purpose, user_id }: StoredLink): Promise<boolean> =>
  purpose === 'set_password' &&
  user_id !== null &&
  (await accountStore(database).findFactor(user_id))?.confirmed_at != null;

/**
 * Checks the second factor of the member a link belongs to: a link stands in for a password, and for nothing else. Answers
 * what was shown. The password is looked at first, so that a code is not used up for one that is refused; wrong codes are
 * limited for each member.
 */
export const createLinkCodeCheck = (deps: DirectoryDeps) => {
  const tries = createAttempts({ ...TRIES, now: deps.now });
  return async (link: StoredLink, { password, code }: Brought): Promise<SecondFactorUsed> => {
    if (link.user_id === null || !(await asksForCode(deps, link))) return null;
    const member = await memberStore(deps.database).find(link.user_id);
    if (member === undefined) return null;
    refuseWeakPassword(password, member.email);
    if (code !== undefined && tries.count(member.id) > 0)
      throw new Refusal('rate_limited', 'Too many codes that were not right. Try again in a quarter of an hour.', {
        details: { error_code: 'too_many_attempts' },
      });
    const shown = await checkSecondFactor(deps)(member.id, code);
    tries.forget(member.id);
    return shown;
  };
};
