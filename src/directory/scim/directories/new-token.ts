import { hashSecret, newSecret } from '../../../platform/index.ts';
import { hintOf } from '../../api-keys/create-api-key.ts';
import type { DirectoryDeps } from '../../deps.ts';
import type { DirectoryToken } from '../store/directory-store.ts';

const PREFIX = 'remit-scim-';

/** A new token of a directory: what is kept of it, and its secret. */
export const newToken = (
  { newId, now }: Pick<DirectoryDeps, 'newId' | 'now'>,
  directoryId: string,
): { readonly row: DirectoryToken; readonly token: string } => {
  const token = PREFIX + newSecret();
  const row = {
    id: newId('directoryToken'),
    directory_id: directoryId,
    secret_hash: hashSecret(token),
    hint: hintOf(token),
    created_at: now(),
    expires_at: null,
    last_used_at: null,
  };
  return { row, token };
};
