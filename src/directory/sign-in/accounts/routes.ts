import { type Route, route } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { memberStore } from '../../members/store.ts';
import { notFound, toWireTime } from '../../wire.ts';
import { sessionCookie } from '../cookies.ts';
import { describeIdentities } from '../providers/describe-identities.ts';
import { oneselfOf } from '../sessions/routes.ts';
import { sessionStore } from '../sessions/store.ts';
import { settingsStore } from '../settings/store.ts';
import { changePassword } from './change-password.ts';
import type { CheckPassword } from './check-password.ts';
import * as contract from './contract.ts';
import {
  confirmSecondFactor,
  enrolSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
  resetSecondFactor,
} from './manage-second-factor.ts';
import { isSecondFactorRequired } from './second-factor-rule.ts';
import { createStepUp } from './step-up.ts';
import { accountStore } from './store.ts';

const HOUR_SECONDS = 3600;

/** Binds what people do with their own account, and resetting the second factor of somebody else. */
export const accountRoutes = (deps: DirectoryDeps, checkPassword: CheckPassword): readonly Route[] => {
  const stepUp = createStepUp(deps, checkPassword);
  const renewedCookie = async (secret: string, isSecure: boolean): Promise<string> => {
    const { session_hours } = await settingsStore(deps.database).read();
    return sessionCookie(secret, isSecure, session_hours * HOUR_SECONDS);
  };
  return [
    route(contract.getMySecurity, ({ actor }) => describeSecurity(deps, oneselfOf(actor).userId)),
    route(contract.changeMyPassword, async ({ actor, body, by, isSecure, replyHeaders }) => {
      const wanted = { current: body.current_password, next: body.new_password };
      const secret = await changePassword(deps, stepUp)(oneselfOf(actor), wanted, by);
      replyHeaders.append('set-cookie', await renewedCookie(secret, isSecure));
      return { type: 'password_changed' as const };
    }),
    route(contract.enrolMySecondFactor, async ({ actor, body, by }) => {
      const { secret, otpauthUrl } = await enrolSecondFactor(deps, stepUp)(oneselfOf(actor), body.password, by);
      return { type: 'second_factor_enrolment' as const, secret, otpauth_url: otpauthUrl };
    }),
    route(contract.confirmMySecondFactor, async ({ actor, body, by, isSecure, replyHeaders }) => {
      const { recoveryCodes, sessionSecret } = await confirmSecondFactor(deps)(oneselfOf(actor), body.code, by);
      replyHeaders.append('set-cookie', await renewedCookie(sessionSecret, isSecure));
      return codesOf(recoveryCodes);
    }),
    route(contract.removeMySecondFactor, async ({ actor, body, by }) => {
      await removeSecondFactor(deps, stepUp)(oneselfOf(actor), body.password, by);
      return { type: 'second_factor_removed' as const };
    }),
    route(contract.renewMyRecoveryCodes, async ({ actor, body, by }) =>
      codesOf(await renewRecoveryCodes(deps, stepUp)(oneselfOf(actor), body.password, by)),
    ),
    route(contract.getUserSecurity, ({ params }) => describeUserSecurity(deps, params.user_id)),
    route(contract.resetUserSecondFactor, async ({ params, by }) => {
      await resetSecondFactor(deps)(params.user_id, by);
      return { type: 'second_factor_removed' as const, user_id: params.user_id };
    }),
  ];
};

const codesOf = (codes: readonly string[]) => ({ type: 'recovery_codes' as const, recovery_codes: [...codes] });

const describeSecurity = async ({ database }: DirectoryDeps, userId: string): Promise<contract.MySecurity> => {
  const accounts = accountStore(database);
  const [member, password, factor, recovery_codes_left, settings, identities] = await Promise.all([
    memberStore(database).find(userId),
    accounts.findPassword(userId),
    accounts.findFactor(userId),
    accounts.countRecoveryCodes(userId),
    settingsStore(database).read(),
    describeIdentities({ database }, userId),
  ]);
  const enabledAt = factor?.confirmed_at ?? null;
  return {
    type: 'my_security',
    has_password: password !== undefined,
    second_factor: {
      is_enabled: enabledAt !== null,
      enabled_at: enabledAt === null ? null : toWireTime(enabledAt),
      recovery_codes_left,
      is_required: member !== undefined && isSecondFactorRequired(settings.second_factor, member.role),
    },
    identities: identities.map(({ id, provider_name, account, linked_at, last_used_at }) => ({
      ...{ id, provider_name, account, linked_at, last_used_at },
    })),
  };
};

const describeUserSecurity = async (
  { database, now }: DirectoryDeps,
  userId: string,
): Promise<contract.UserSecurity> => {
  const member = await memberStore(database).findPresent(userId);
  if (member === undefined) throw notFound('member', userId);
  const accounts = accountStore(database);
  const settings = await settingsStore(database).read();
  const [password, factor, sessions] = await Promise.all([
    accounts.findPassword(userId),
    accounts.findFactor(userId),
    sessionStore(database).listOf(userId, now(), settings),
  ]);
  const enabledAt = factor?.confirmed_at ?? null;
  return {
    type: 'user_security',
    user_id: userId,
    has_password: password !== undefined,
    second_factor: { is_enabled: enabledAt !== null, enabled_at: enabledAt === null ? null : toWireTime(enabledAt) },
    session_count: sessions.length,
  };
};
