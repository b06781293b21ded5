import { type Doer, Refusal } from '../../kernel/index.ts';
import type { ClaudeCodeDeps } from '../deps.ts';
import { readUserCode } from './rules/user-code.ts';
import { type StoredSignIn, signInStore } from './store.ts';

type Deps = Pick<ClaudeCodeDeps, 'database' | 'record' | 'now'>;

const noSignIn = (): Refusal =>
  new Refusal(
    'not_found',
    'No device waits with this code. A code counts once and for ten minutes: compare it with the one on the device, or begin again there with /login.',
    { details: { error_code: 'device_sign_in_not_found' } },
  );

/** The device that waits with a code, however it is typed. */
export const findSignIn =
  ({ database, now }: Deps) =>
  async (typed: string): Promise<StoredSignIn> => {
    const userCode = readUserCode(typed);
    const found = userCode === undefined ? undefined : await signInStore(database).findPending(userCode, now());
    if (found === undefined) throw noSignIn();
    return found;
  };

/**
 * Decides about the device that waits with a code, as a member who is signed in. Approved, it is signed in as that member
 * when it next asks.
 */
export const decideSignIn =
  (deps: Deps) =>
  async (
    typed: string,
    { status, userId }: { readonly status: 'approved' | 'denied'; readonly userId: string },
    by: Doer,
  ): Promise<StoredSignIn> => {
    const found = await findSignIn(deps)(typed);
    await deps.database.transaction(async (sql) => {
      if (!(await signInStore(sql).move(found, { status, user_id: userId }))) throw noSignIn();
      const { user_code, ip_address: requested_from } = found;
      await deps.record(sql, by, { type: `remit_device_sign_in_${status}`, user_code, requested_from });
    });
    return found;
  };
