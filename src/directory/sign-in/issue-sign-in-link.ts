import type { Doer } from '../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { signInStore } from './store.ts';
import type { LinkPurpose } from './tables.ts';

const HOUR_MS = 3600 * 1000;

/** How long each kind of link is good for. An emergency link gives everything, and somebody is waiting for it. */
const LIFETIMES_MS: Readonly<Record<LinkPurpose, number>> = {
  create_owner: 72 * HOUR_MS,
  set_password: 72 * HOUR_MS,
  emergency_owner: HOUR_MS,
};

/** A one-time link's token, shown once and stored as a hash, and when it ends. */
export type IssuedLink = { readonly token: string; readonly expiresAt: number };

/** Whom a link is for, null for an owner who does not exist yet, and what it does. */
export type LinkFor = { readonly userId: string | null; readonly purpose: LinkPurpose };

/** Issues a one-time link within the caller's transaction. Earlier open links for the same person end. */
export const issueLinkIn =
  ({ now, newId }: Pick<DirectoryDeps, 'now' | 'newId'>) =>
  async (sql: Sql, { userId, purpose }: LinkFor): Promise<IssuedLink> => {
    const token = newSecret();
    const at = now();
    const expiresAt = at + LIFETIMES_MS[purpose];
    const store = signInStore(sql);
    await store.endLinksOf(userId);
    await store.insertLink({
      id: newId('link'),
      secret_hash: hashSecret(token),
      user_id: userId,
      purpose,
      created_at: at,
      expires_at: expiresAt,
      used_at: null,
    });
    return { token, expiresAt };
  };

/** Issues a one-time link with which a member sets their password. */
export const issueSignInLink =
  (deps: DirectoryDeps) =>
  (userId: string, by: Doer): Promise<IssuedLink> =>
    deps.database.transaction((sql) => issueSignInLinkIn(deps)(sql, userId, by));

/** Issues a link to set a password with within the caller's transaction. */
export const issueSignInLinkIn =
  (deps: DirectoryDeps) =>
  async (sql: Sql, userId: string, by: Doer): Promise<IssuedLink> => {
    const link = await issueLinkIn(deps)(sql, { userId, purpose: 'set_password' });
    await deps.record(sql, by, { type: 'remit_sign_in_link_created', user_id: userId });
    return link;
  };
