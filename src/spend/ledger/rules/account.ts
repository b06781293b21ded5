import type { Day } from '../../../kernel/index.ts';

/**
 * What money is counted under, as text: `organization`, `user:<id>`, `service:<group id>` (the service keys of a group),
 * `key:<id>`, `workspace:<id>`, `model:<id>`, `pool:<group id>` (what a group's members spend together), `session:<id>`, `prepaid`
 * (the balance that was paid for), `included:<user id>` (what a seat has for nothing).
 */
export type Account = string;

export const ORGANISATION: Account = 'organization';
export const PREPAID: Account = 'prepaid';
export const userAccount = (userId: string): Account => `user:${userId}`;
export const serviceAccount = (groupId: string): Account => `service:${groupId}`;
export const keyAccount = (keyId: string): Account => `key:${keyId}`;
export const workspaceAccount = (workspaceId: string): Account => `workspace:${workspaceId}`;
export const modelAccount = (modelId: string): Account => `model:${modelId}`;
export const poolAccount = (groupId: string): Account => `pool:${groupId}`;
export const sessionAccount = (sessionId: string): Account => `session:${sessionId}`;
export const isOfSession = (account: Account): boolean => account.startsWith('session:');
export const includedAccount = (userId: string): Account => `included:${userId}`;

/** Accounts that know no days: all that was ever spent stands under this one. */
export const TIMELESS: Day = 0;

/** The day under which what happened on `day` is counted in an account. */
export const dayIn = (account: Account, day: Day): Day =>
  account === PREPAID || isOfSession(account) ? TIMELESS : day;

/** What a request's row says of whose it was. */
export type Spender = {
  readonly userId: string | null;
  readonly groupId: string | null;
  readonly keyId: string;
  readonly workspaceId: string | null;
  /** The canonical id of the model; null for one nobody knows. */
  readonly modelId: string | null;
};

/**
 * The accounts every request is counted under whether a limit stands on them or not, so that a limit set in the middle of
 * a month knows what was spent before it. Pools, sessions and what is prepaid or included count from when they are set.
 */
export const standingAccounts = ({ userId, groupId, keyId, workspaceId, modelId }: Spender): readonly Account[] => {
  const accounts = [ORGANISATION];
  if (userId !== null) accounts.push(userAccount(userId));
  else if (groupId !== null) accounts.push(serviceAccount(groupId));
  accounts.push(keyAccount(keyId));
  if (workspaceId !== null) accounts.push(workspaceAccount(workspaceId));
  if (modelId !== null) accounts.push(modelAccount(modelId));
  return accounts;
};

/** Keys whose accounts are kept worked out. */
const KEYS_MAX = 50_000;

const isSame = (one: Spender, other: Spender): boolean =>
  one.userId === other.userId &&
  one.groupId === other.groupId &&
  one.workspaceId === other.workspaceId &&
  one.modelId === other.modelId;

/** {@link standingAccounts} that keeps those of each key's last request: the next one is mostly of the same kind. */
export const rememberStandingAccounts = (): ((spender: Spender) => readonly Account[]) => {
  const known = new Map<string, { readonly spender: Spender; readonly accounts: readonly Account[] }>();
  return (spender) => {
    const last = known.get(spender.keyId);
    if (last !== undefined && isSame(last.spender, spender)) return last.accounts;
    if (known.size >= KEYS_MAX) known.clear();
    const accounts = standingAccounts(spender);
    known.set(spender.keyId, { spender, accounts });
    return accounts;
  };
};
