import { type Doer, Refusal } from '../../../kernel/index.ts';
import { hashPassword } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { signOutDevices } from '../../device-grants/end-grants.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { renewSession } from '../sessions/end-sessions.ts';
import { refuseWeakPassword } from './password-rules.ts';
import type { Oneself, StepUp } from './step-up.ts';
import { accountStore } from './store.ts';

/**
 * Changes one's own password. All other sessions and every device end and this one gets a new secret, which is the answer; whoever had
 * the old password or a copy of a cookie is out.
 */
export const changePassword =
  (deps: DirectoryDeps, stepUp: StepUp) =>
  async (self: Oneself, wanted: { readonly current: string; readonly next: string }, by: Doer): Promise<string> => {
    await stepUp(self, wanted.current, by);
    refuseWeakPassword(wanted.next, self.email);
    if (wanted.next === wanted.current)
      throw new Refusal('invalid_request', 'The new password is the old one. Choose another.');
    const hash = await hashPassword(wanted.next);
    return changeInTurn(deps.database, async (sql) => {
      await accountStore(sql).setPassword(self.userId, hash, deps.now());
      await deps.record(sql, by, { type: 'remit_password_set', user_id: self.userId });
      await signOutDevices(deps, sql, self.userId);
      return renewSession(sql, self.userId, self.sessionId);
    });
  };
