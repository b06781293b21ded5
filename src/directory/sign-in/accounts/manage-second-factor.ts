import { actorOf, type Doer, Refusal } from '../../../kernel/index.ts';
import type { Sql } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { protectCredentials } from '../../members/protect-stronger.ts';
import { memberStore } from '../../members/store.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { renewSession } from '../sessions/end-sessions.ts';
import { signInStore } from '../store.ts';
import { aboutFactor } from './check-second-factor.ts';
import { newSeed, otpauthUrl, stepOfCode } from './one-time-codes.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import type { Oneself, StepUp } from './step-up.ts';
import { accountStore } from './store.ts';

/** A seed for an authenticator app, shown until it is confirmed, and its address for a QR code. */
export type Enrolment = { readonly secret: string; readonly otpauthUrl: string };

/** Begins to set up a second factor. It counts only once {@link confirmSecondFactor} has seen a code of it. */
export const enrolSecondFactor =
  (deps: DirectoryDeps, stepUp: StepUp) =>
  async (self: Oneself, password: string | undefined, by: Doer): Promise<Enrolment> => {
    await stepUp(self, password, by, true);
    const secret = newSeed();
    const sealed = deps.secrets.seal(secret, aboutFactor(self.userId));
    const { name: issuer } = await signInStore(deps.database).readOrganization();
    await changeInTurn(deps.database, async (sql) => {
      const accounts = accountStore(sql);
      if ((await accounts.findFactor(self.userId))?.confirmed_at != null)
        throw new Refusal('conflict', 'You have a second factor already. Remove it first to set up another device.');
      const at = deps.now();
      await accounts.putFactor({
        user_id: self.userId,
        secret: sealed,
        created_at: at,
        confirmed_at: null,
        last_step: 0,
      });
      await deps.record(sql, by, { type: 'remit_second_factor_enrolment_started', user_id: self.userId });
    });
    return { secret, otpauthUrl: otpauthUrl(secret, { issuer: `Remit ${issuer}`, label: self.email }) };
  };

/** What a confirmed second factor gives: recovery codes, shown this once, and the session's new secret. */
export type Confirmed = { readonly recoveryCodes: readonly string[]; readonly sessionSecret: string };

/** Puts a second factor in force with a first code of it. Other sessions end; this one gets a new secret. */
export const confirmSecondFactor =
  (deps: DirectoryDeps) =>
  (self: Oneself, code: string, by: Doer): Promise<Confirmed> =>
    changeInTurn(deps.database, async (sql) => {
      const accounts = accountStore(sql);
      const factor = await accounts.findFactor(self.userId);
      if (factor === undefined || factor.confirmed_at !== null)
        throw new Refusal('conflict', 'No second factor is being set up. Begin again.');
      const seed = deps.secrets.open(factor.secret, aboutFactor(self.userId));
      const step = stepOfCode(seed, code.replaceAll(' ', ''), deps.now());
      if (step === undefined || !(await accounts.takeStep(self.userId, step)))
        throw new Refusal(
          'invalid_request',
          'The code is not right. Check the clock of your phone and try the next one.',
          {
            details: { error_code: 'second_factor_wrong' },
          },
        );
      await accounts.confirmFactor(self.userId, deps.now());
      const recoveryCodes = await replaceRecoveryCodes(sql, self.userId);
      await deps.record(sql, by, { type: 'remit_second_factor_enabled', user_id: self.userId });
      return { recoveryCodes, sessionSecret: await renewSession(sql, self.userId, self.sessionId) };
    });

const replaceRecoveryCodes = async (sql: Sql, userId: string): Promise<readonly string[]> => {
  const codes = newRecoveryCodes();
  await accountStore(sql).putRecoveryCodes(userId, codes.map(hashRecoveryCode));
  return codes;
};

/** Makes new recovery codes; the ones before stop working. */
export const renewRecoveryCodes =
  (deps: DirectoryDeps, stepUp: StepUp) =>
  async (self: Oneself, password: string, by: Doer): Promise<readonly string[]> => {
    await stepUp(self, password, by);
    return changeInTurn(deps.database, async (sql) => {
      if ((await accountStore(sql).findFactor(self.userId))?.confirmed_at == null)
        throw new Refusal('conflict', 'Recovery codes stand in for a second factor, and you have none.');
      await deps.record(sql, by, { type: 'remit_recovery_codes_created', user_id: self.userId });
      return replaceRecoveryCodes(sql, self.userId);
    });
  };

/** Takes one's own second factor away. */
export const removeSecondFactor =
  (deps: DirectoryDeps, stepUp: StepUp) =>
  async (self: Oneself, password: string, by: Doer): Promise<void> => {
    await stepUp(self, password, by);
    await changeInTurn(deps.database, async (sql) => {
      if (!(await accountStore(sql).deleteFactor(self.userId)))
        throw new Refusal('conflict', 'You have no second factor.');
      await deps.record(sql, by, { type: 'remit_second_factor_removed', user_id: self.userId });
    });
  };

/** Takes the second factor of a member away who has lost it; their sessions end, they set up another at the next sign-in. */
export const resetSecondFactor =
  (deps: DirectoryDeps) =>
  (userId: string, by: Doer): Promise<void> =>
    changeInTurn(deps.database, async (sql) => {
      const member = await memberStore(sql).find(userId);
      if (member === undefined) throw notFound('member', userId);
      await protectCredentials(sql, actorOf(by), member);
      if (!(await accountStore(sql).deleteFactor(userId)))
        throw new Refusal('not_found', `${member.email} has no second factor.`);
      await signInStore(sql).endSessionsOf(userId);
      await deps.record(sql, by, { type: 'remit_second_factor_removed', user_id: userId });
    });
