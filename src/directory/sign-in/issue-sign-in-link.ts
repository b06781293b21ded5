import { hashSecret, newSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { signInStore } from './store.ts';

const LINK_LIFETIME_MS = 72 * 3600 * 1000;

/**
 * Issues a one-time link: for a member to set a password, or (null) for the owner of a new installation. Earlier open
 * links for the same person end. The token is shown once and stored as a hash.
 */
export const issueSignInLink =
  ({ database, now, newId }: DirectoryDeps) =>
  async (userId: string | null): Promise<{ readonly token: string; readonly expiresAt: number }> => {
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
    });
    return { token, expiresAt: at + LINK_LIFETIME_MS };
  };
