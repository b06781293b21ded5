import { randomInt } from 'node:crypto';
import type { Doer } from '../../kernel/index.ts';
import { hashSecret, newSecret } from '../../platform/index.ts';
import type { ClaudeCodeDeps } from '../deps.ts';
import { deviceName } from './rules/device-name.ts';
import { CODE_LENGTH, CODE_LETTERS, writeUserCode } from './rules/user-code.ts';
import { signInStore } from './store.ts';

/** How long somebody has to find the page and confirm. */
export const SIGN_IN_MS = 10 * 60 * 1000;

/** A sign-in that has begun: what the device keeps and what it shows. */
export type BegunSignIn = { readonly deviceCode: string; readonly userCode: string };

const newUserCode = (): string =>
  writeUserCode(
    Array.from({ length: CODE_LENGTH }, () => CODE_LETTERS.charAt(randomInt(CODE_LETTERS.length))).join(''),
  );

/** Begins the sign-in of a device (RFC 8628 §3.1). `surface`: which program it is, as it says. */
export const beginSignIn =
  ({ database, now }: Pick<ClaudeCodeDeps, 'database' | 'now'>) =>
  async (surface: string | null, from: Doer): Promise<BegunSignIn> => {
    const signIns = signInStore(database);
    let userCode = newUserCode();
    while (await signIns.isCodeTaken(userCode)) userCode = newUserCode();
    const deviceCode = newSecret();
    const at = now();
    await signIns.insert({
      device_code_hash: hashSecret(deviceCode),
      user_code: userCode,
      name: deviceName(surface, from.userAgent),
      status: 'pending',
      user_id: null,
      created_at: at,
      expires_at: at + SIGN_IN_MS,
      polled_at: null,
      ip_address: from.ipAddress,
      user_agent: from.userAgent,
    });
    return { deviceCode, userCode };
  };
