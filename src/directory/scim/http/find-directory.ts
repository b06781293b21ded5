import { hashSecret } from '../../../platform/index.ts';
import type { DirectoryDeps } from '../../deps.ts';
import { ScimError } from '../rules/scim-error.ts';
import { type Directory, directoryStore } from '../store/directory-store.ts';

const unauthenticated = (detail: string): ScimError =>
  new ScimError(401, detail, { headers: { 'www-authenticate': 'Bearer realm="SCIM"' } });

const TOUCHED_EVERY_MS = 60_000;

/** Finds the directory whose token a request presents; 401 when there is none, or the token has ended. */
export const createFindDirectory = ({ database, now }: Pick<DirectoryDeps, 'database' | 'now'>) => {
  const store = directoryStore(database);
  const touched = new Map<string, number>();

  const touch = async (tokenId: string): Promise<void> => {
    if ((touched.get(tokenId) ?? 0) > now() - TOUCHED_EVERY_MS) return;
    touched.set(tokenId, now());
    await store.touchToken(tokenId, now());
  };

  return async (request: Request): Promise<Directory> => {
    const secret = /^bearer\s+(\S+)\s*$/i.exec(request.headers.get('authorization') ?? '')?.[1];
    if (secret === undefined) throw unauthenticated('Send the token of the directory as a bearer token.');
    const found = await store.findByToken(hashSecret(secret));
    if (found === undefined) throw unauthenticated('This token is not one of a directory here.');
    if (found.expiresAt !== null && found.expiresAt <= now())
      throw unauthenticated('This token has ended. Give the identity provider the new one.');
    await touch(found.tokenId);
    return found.directory;
  };
};
