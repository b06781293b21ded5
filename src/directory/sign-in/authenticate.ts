import {
  type Actor,
  ADMINISTRATOR_PERMISSIONS,
  type AdminScope,
  permissionsOfScopes,
  Refusal,
} from '../../kernel/index.ts';
import { hashSecret } from '../../platform/index.ts';
import { apiKeyStore, type StoredApiKey } from '../api-keys/store.ts';
import type { DirectoryDeps } from '../deps.ts';
import { memberStore } from '../members/store.ts';
import { readPermissions } from '../roles/read-permissions.ts';
import { readSessionCookie } from './cookies.ts';
import { resolveSession } from './resolve-session.ts';
import { CONSOLE_HEADER, refuseForeignChange } from './same-origin.ts';

const ANONYMOUS: Actor = { kind: 'anonymous' };

export type Headers = { readonly get: (name: string) => string | null };

/**
 * The key a request presents in `x-api-key` or as a bearer token; both are one credential to us. A client that sends
 * two different ones is refused, because nobody could say whose rules apply.
 */
export const presentedKey = (headers: Headers): string | undefined => {
  // An empty header is how some tools send a variable that is not set.
  const apiKey = headers.get('x-api-key')?.trim() || undefined;
  const bearer = /^bearer\s+(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim();
  if (apiKey !== undefined && bearer !== undefined && apiKey !== bearer)
    throw new Refusal(
      'unauthenticated',
      'The request carries two different keys, one in x-api-key and one in Authorization. Send one of them.',
    );
  return apiKey ?? bearer;
};

/** Where a request came from, as far as it matters for its cookies. */
export type From = { readonly isSecure: boolean };

/** Resolves who is asking: an API key, or a session cookie sent by our own pages. Throws `unauthenticated`. */
export const createAuthenticate =
  (deps: DirectoryDeps, publicUrl: () => string = () => '') =>
  async (request: Request, { isSecure }: From): Promise<Actor> => {
    const key = presentedKey(request.headers);
    if (key !== undefined) return actorOfKey(deps, key);
    const secret = readSessionCookie(request.headers.get('cookie'), isSecure);
    const hasSession = secret !== undefined && secret !== '';
    refuseForeignChange(request, publicUrl(), hasSession);
    if (!hasSession) return ANONYMOUS;
    const isActive = request.headers.get(CONSOLE_HEADER) !== 'idle';
    return (await resolveSession(deps, secret, isActive)) ?? ANONYMOUS;
  };

const actorOfKey = async (deps: DirectoryDeps, secret: string): Promise<Actor> => {
  const key = await apiKeyStore(deps.database).findByHash(hashSecret(secret));
  if (key === undefined) throw new Refusal('unauthenticated', 'This key is not known here.');
  if (key.status !== 'active' || (key.expires_at !== null && key.expires_at <= deps.now()))
    throw new Refusal('credential_revoked', 'This key has been revoked or has expired. Ask for a new one.');
  return actorOfActiveKey(deps, key);
};

const permissionsOfAdminKey = ({ scopes }: StoredApiKey) =>
  scopes === null ? ADMINISTRATOR_PERMISSIONS : permissionsOfScopes(JSON.parse(scopes) as AdminScope[]);

const actorOfActiveKey = async (deps: DirectoryDeps, key: StoredApiKey): Promise<Actor> => {
  if (key.kind === 'admin')
    return { kind: 'administrator', credentialId: key.id, permissions: permissionsOfAdminKey(key) };
  if (key.group_id !== null) return { kind: 'service', groupId: key.group_id, credentialId: key.id };
  const member = key.user_id === null ? undefined : await memberStore(deps.database).findPresent(key.user_id);
  if (member?.status === 'suspended')
    throw new Refusal('credential_revoked', 'Your access is suspended. Ask an administrator to restore it.');
  if (member === undefined) throw new Refusal('credential_revoked', 'The member this key belongs to has been removed.');
  const permissions = await readPermissions(deps.database, member);
  return {
    kind: 'member',
    userId: member.id,
    email: member.email,
    role: member.role,
    credentialId: key.id,
    sessionId: null,
    permissions,
  };
};
