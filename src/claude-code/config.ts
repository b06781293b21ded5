import { z } from 'zod';
import type { TokenLifetimes } from '../directory/index.ts';
import { section } from '../platform/index.ts';

/** As long a notice as Claude Code shows beside the code. */
const NOTICE_CHARS_MAX = 500;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export const claudeCodeConfig = section('Claude Code', {
  login_notice: {
    schema: z.string().trim().min(1).max(NOTICE_CHARS_MAX).optional(),
    env: 'REMIT_LOGIN_NOTICE',
    help: 'A notice that people read when they sign in from Claude Code: in the terminal beside the code, and on the page that confirms it.',
  },
  access_token_minutes: {
    schema: z.coerce.number().min(1).max(1440).default(60),
    env: 'REMIT_ACCESS_TOKEN_MINUTES',
    help: 'How long a signed-in Claude Code may go on before it renews its access, which it does by itself five minutes early. Whoever loses their access loses it at once, whatever this says.',
  },
  device_idle_days: {
    schema: z.coerce.number().int().min(1).max(365).default(30),
    env: 'REMIT_DEVICE_IDLE_DAYS',
    help: 'How many days a signed-in Claude Code may go unused until somebody has to sign in there again.',
  },
  device_sign_ins_per_address: {
    schema: z.coerce.number().int().min(1).max(100_000).default(30),
    env: 'REMIT_DEVICE_SIGN_INS_PER_ADDRESS',
    help: 'How many sign-ins of Claude Code may begin from one address within ten minutes, on each node. Raise it where many people share an address.',
  },
});

/** What the configuration says of sign-ins. */
export type SignInSettings = {
  readonly loginNotice: string | null;
  readonly lifetimes: TokenLifetimes;
  readonly signInsPerAddress: number;
};

/** The settings of the configuration. */
export const signInSettings = (config: {
  readonly login_notice?: string | undefined;
  readonly access_token_minutes: number;
  readonly device_idle_days: number;
  readonly device_sign_ins_per_address: number;
}): SignInSettings => ({
  loginNotice: config.login_notice ?? null,
  lifetimes: { accessMs: config.access_token_minutes * MINUTE_MS, idleMs: config.device_idle_days * DAY_MS },
  signInsPerAddress: config.device_sign_ins_per_address,
});
