import type { Doer } from '../../kernel/index.ts';
import { hashSecret, newSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { signInStore } from './store.ts';

const LINK_LIFETIME_MS = 72 * 3600 * 1000;

/**
 * Issues a one-time link: for a member to set a password, or (null) for the owner of a new installation. Earlier open
 * links for the same person end. The token is shown once and stored as a hash.
 */
export const issueSignInLink =
  ({ database, record, now, newId }: DirectoryDeps) =>
  async (userId: string | null, by: Doer): Promise<{ readonly token: string; readonly expiresAt: number }> => {
    const token = newSecret();
    const at = now();
    await database.transaction(async (sql) => {
      const store = signInStore(sql);
      await store.endLinksOf(userId);
      await store.insertLink({
        id: newId('link'),
        secret_hash: hashSecret(token),
        user_id: userId,
        created_at: at,
        expires_at: at + LINK_LIFETIME_MS,
        used_at: null,
      });
      if (userId !== null) await record(sql, by, { type: 'remit_sign_in_link_created', user_id: userId });
    });
    return { token, expiresAt: at + LINK_LIFETIME_MS };
  };
