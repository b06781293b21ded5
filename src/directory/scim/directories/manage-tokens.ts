import type { Doer } from '../../../kernel/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { changeInTurn } from '../../policy-changes.ts';
import { notFound } from '../../wire.ts';
import { directoryStore } from '../store/directory-store.ts';
import { findDirectory } from './manage-directory.ts';
import { newToken } from './new-token.ts';

const HOUR_MS = 3600 * 1000;

/** Makes a directory a new token. Earlier ones end after the overlap, so that the identity provider can be given the new one. */
export const rotateToken =
  ({ database, record, now, newId }: DirectoryDeps) =>
  (directoryId: string, overlapHours: number, by: Doer) =>
    changeInTurn(database, async (sql) => {
      await findDirectory(sql, directoryId);
      const store = directoryStore(sql);
      const endsAt = now() + overlapHours * HOUR_MS;
      for (const { id } of await store.tokens(directoryId)) await store.endToken(id, Math.round(endsAt));
      const made = newToken({ newId, now }, directoryId);
      await store.insertToken(made.row);
      await record(sql, by, {
        type: 'remit_directory_token_created',
        directory_id: directoryId,
        token_id: made.row.id,
      });
      return made;
    });

/** Ends a token at once. */
export const revokeToken =
  ({ database, record, now }: DirectoryDeps) =>
  (directoryId: string, tokenId: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const store = directoryStore(sql);
      const token = (await store.tokens(directoryId)).find(({ id }) => id === tokenId);
      if (token === undefined) throw notFound('token of this directory', tokenId);
      await store.endToken(tokenId, now());
      await record(sql, by, { type: 'remit_directory_token_revoked', directory_id: directoryId, token_id: tokenId });
    });
