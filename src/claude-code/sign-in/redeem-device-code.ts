import { changeInTurn, openGrant, type Tokens } from '../../directory/index.ts';
import type { Doer } from '../../kernel/index.ts';
import { hashSecret } from '../../platform/index.ts';
import type { ClaudeCodeDeps } from '../deps.ts';
import { type StoredSignIn, signInStore } from './store.ts';

/** How often a device may ask whether it is signed in by now. */
export const POLL_SECONDS = 5;

// Clocks and networks are not exact: who keeps to the interval is never told to slow down.
const POLL_MS_MIN = (POLL_SECONDS - 1) * 1000;

/** Why a device has no tokens, in the words of RFC 8628 §3.5. */
export type Unredeemed = 'authorization_pending' | 'slow_down' | 'access_denied' | 'expired_token';

/** The tokens of a device that has just been signed in, and as whom. */
export type Redeemed = { readonly email: string; readonly tokens: Tokens };

/** Answers a device that asks with its code: its tokens once somebody has approved it, and once only. */
export const redeemDeviceCode =
  (deps: ClaudeCodeDeps) =>
  async (deviceCode: string, from: Doer): Promise<Redeemed | Unredeemed> => {
    const signIns = signInStore(deps.database);
    const found = await signIns.findByDevice(hashSecret(deviceCode), deps.now());
    // A code that nobody knows looks the same: it may be one whose row is gone.
    if (found === undefined) return 'expired_token';
    switch (found.status) {
      case 'pending': {
        const isEarly = found.polled_at !== null && deps.now() - found.polled_at < POLL_MS_MIN;
        await signIns.poll(found.device_code_hash, deps.now());
        return isEarly ? 'slow_down' : 'authorization_pending';
      }
      case 'denied':
        return 'access_denied';
      case 'redeemed':
        return 'expired_token';
      case 'approved':
        return redeem(deps, found, from);
      default: {
        const unexpected: never = found.status;
        return unexpected;
      }
    }
  };

const redeem = (deps: ClaudeCodeDeps, signIn: StoredSignIn, from: Doer): Promise<Redeemed | Unredeemed> =>
  changeInTurn(deps.database, async (sql) => {
    if (!(await signInStore(sql).move(signIn, { status: 'redeemed' }))) return 'expired_token';
    const grant = { userId: signIn.user_id ?? '', name: signIn.name, lifetimes: deps.settings.lifetimes };
    const opened = await openGrant(deps)(sql, grant, from);
    return opened === undefined ? 'access_denied' : { email: opened.member.email, tokens: opened.tokens };
  });
