import { createAttempts, oneselfOf, toWireTime } from '../../directory/index.ts';
import { Refusal } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import { productProblem } from '../caller.ts';
import type { ClaudeCodeDeps } from '../deps.ts';
import * as contract from './contract.ts';
import { decideSignIn, findSignIn } from './decide-sign-in.ts';
import type { StoredSignIn } from './store.ts';

const WRONG_CODES_MAX = 20;
const WINDOW_MS = 10 * 60 * 1000;

/** Binds what somebody who is signed in does about devices that wait. Guessing codes is limited for each member. */
export const signInRoutes = (deps: ClaudeCodeDeps): readonly Route[] => {
  const wrong = createAttempts({ max: WRONG_CODES_MAX, windowMs: WINDOW_MS, now: deps.now });

  /** Counts the tries of a member that find nothing. */
  const counted = async <R>(userId: string, run: () => Promise<R>): Promise<R> => {
    if (wrong.count(userId) > 0)
      throw new Refusal('rate_limited', 'You have typed many codes that were not right. Try again in a few minutes.');
    const result = await run();
    wrong.giveBack(userId);
    return result;
  };

  const toWire = (signIn: StoredSignIn, userId: string): contract.DeviceSignIn => ({
    type: 'device_sign_in',
    user_code: signIn.user_code,
    device_name: signIn.name,
    requested_at: toWireTime(signIn.created_at),
    expires_at: toWireTime(signIn.expires_at),
    ip_address: signIn.ip_address,
    login_notice: deps.settings.loginNotice,
    problem: productProblem(deps.policy.current(), userId),
  });

  return [
    route(contract.findDeviceSignIn, async ({ actor, body }) => {
      const { userId } = oneselfOf(actor);
      return toWire(await counted(userId, () => findSignIn(deps)(body.user_code)), userId);
    }),
    route(contract.approveDeviceSignIn, async ({ actor, body, by }) => {
      const { userId } = oneselfOf(actor);
      const decision = { status: 'approved' as const, userId };
      const { user_code } = await counted(userId, () => decideSignIn(deps)(body.user_code, decision, by));
      return { type: 'device_sign_in_approved' as const, user_code };
    }),
    route(contract.denyDeviceSignIn, async ({ actor, body, by }) => {
      const { userId } = oneselfOf(actor);
      const decision = { status: 'denied' as const, userId };
      const { user_code } = await counted(userId, () => decideSignIn(deps)(body.user_code, decision, by));
      return { type: 'device_sign_in_denied' as const, user_code };
    }),
  ];
};
