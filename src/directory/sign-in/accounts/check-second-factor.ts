import { Refusal } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import type { SecondFactorUsed } from '../sessions/open-session.ts';
import { stepOfCode } from './one-time-codes.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { accountStore } from './store.ts';

/** What a seed is sealed about. */
export const aboutFactor = (userId: string): string => `second factor of ${userId}`;

const isTotp = (code: string): boolean => /^\d{3} ?\d{3}$/.test(code.trim());

const wrongCode = () =>
  new Refusal(
    'unauthenticated',
    'The code is not right, or has been used. Wait for the next one, or use a recovery code.',
    { details: { error_code: 'second_factor_wrong' } },
  );

/**
 * Checks the second factor of a member who has one: a code of this or a neighbouring half minute that was not used
 * before, or a recovery code, which is used up. Answers which it was; null for members without a second factor.
 */
export const checkSecondFactor =
  ({ database, secrets, now }: DirectoryDeps) =>
  async (userId: string, code: string | undefined): Promise<SecondFactorUsed> => {
    const accounts = accountStore(database);
    const factor = await accounts.findFactor(userId);
    if (factor?.confirmed_at == null) return null;
    if (code === undefined || code.trim() === '')
      throw new Refusal('unauthenticated', 'Enter the code that your authenticator app shows.', {
        details: { error_code: 'second_factor_required' },
      });
    if (!isTotp(code)) {
      if (!(await accounts.takeRecoveryCode(userId, hashRecoveryCode(code), now()))) throw wrongCode();
      return 'recovery_code';
    }
    const seed = secrets.open(factor.secret, aboutFactor(userId));
    const step = stepOfCode(seed, code.replaceAll(' ', ''), now());
    if (step === undefined || !(await accounts.takeStep(userId, step))) throw wrongCode();
    return 'totp';
  };
