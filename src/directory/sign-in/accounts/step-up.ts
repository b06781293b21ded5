import { type Doer, Refusal } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { sessionStore } from '../sessions/store.ts';
import type { CheckPassword } from './check-password.ts';
import { accountStore } from './store.ts';

const FRESH_MS = 5 * 60 * 1000;

/** Somebody who acts on their own account, in a session. */
export type Oneself = { readonly userId: string; readonly email: string; readonly sessionId: string };

const passwordNeeded = () =>
  new Refusal('permission_denied', 'Enter your password to confirm that it is you.', {
    details: { error_code: 'password_required' },
  });

/**
 * Asks for the password before something that could lock its owner out or let somebody else in. `isFreshEnough` lets a
 * sign-in of the last five minutes stand for it.
 */
export const createStepUp =
  (deps: DirectoryDeps, checkPassword: CheckPassword) =>
  async (self: Oneself, password: string | undefined, by: Doer, isFreshEnough = false): Promise<void> => {
    const session = await sessionStore(deps.database).findById(self.sessionId);
    if (isFreshEnough && session !== undefined && session.created_at > deps.now() - FRESH_MS) return;
    if ((await accountStore(deps.database).findPassword(self.userId)) === undefined)
      throw new Refusal(
        'conflict',
        'You sign in through your identity provider and have no password here. Manage your second factor there.',
        { details: { error_code: 'no_local_account' } },
      );
    if (password === undefined || password === '') throw passwordNeeded();
    const { succeed } = await checkPassword(self.email, password, by).catch((refused: unknown) => {
      // A wrong password here does not end the session, as the status of a failed sign-in would tell the console.
      if (refused instanceof Refusal && refused.code === 'unauthenticated')
        throw new Refusal('permission_denied', 'The password is not right.', {
          details: { error_code: 'password_wrong' },
        });
      throw refused;
    });
    succeed();
  };

/** {@link createStepUp}'s answer. */
export type StepUp = ReturnType<typeof createStepUp>;
