import { type AdminScope, type Doer, Refusal } from '../../kernel/index.ts';
import { hashSecret, newSecret } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { hintOf } from './create-api-key.ts';
import { apiKeyStore, type StoredApiKey } from './store.ts';

const PREFIX = 'sk-remit-admin-';

export type NewAdminKey = {
  readonly name: string;
  /** What it is for; null for everything. */
  readonly scopes: readonly AdminScope[] | null;
  readonly expiresAt: number | null;
};

/** Makes an admin key, for an owner who is signed in: no key makes another that outlives it. */
export const createAdminKey =
  ({ database, changePolicy, record, now, newId }: DirectoryDeps) =>
  (wanted: NewAdminKey, by: Doer): Promise<{ readonly key: StoredApiKey; readonly secret: string }> =>
    changeInTurn(database, async (sql) => {
      const { who } = by;
      if (who.kind !== 'member' || who.credentialId !== null)
        throw new Refusal('permission_denied', 'Only an owner who is signed in to the console can make admin keys.');
      const at = now();
      if (wanted.expiresAt !== null && wanted.expiresAt <= at)
        throw new Refusal('invalid_request', 'expires_at lies in the past.');
      const secret = PREFIX + newSecret();
      const scopes = wanted.scopes === null ? null : [...new Set(wanted.scopes)];
      const key: StoredApiKey = {
        id: newId('apiKey'),
        kind: 'admin',
        name: wanted.name,
        secret_hash: hashSecret(secret),
        hint: hintOf(secret),
        user_id: null,
        group_id: null,
        status: 'active',
        origin: 'created',
        created_by: who.userId,
        created_at: at,
        expires_at: wanted.expiresAt,
        workspace_id: null,
        scopes: scopes === null ? null : JSON.stringify(scopes),
      };
      await apiKeyStore(sql).insert(key);
      await changePolicy(sql, { entity: 'api_key', id: key.id });
      await record(sql, by, { type: 'admin_api_key_created', admin_api_key_id: key.id, scopes: scopes ?? [] });
      return { key, secret };
    });

/** Revokes an admin key for good. The one of the configuration is taken away there. */
export const revokeAdminKey =
  ({ database, changePolicy, record }: DirectoryDeps) =>
  (id: string, by: Doer): Promise<void> =>
    changeInTurn(database, async (sql) => {
      const key = await apiKeyStore(sql).find(id);
      if (key === undefined || key.kind !== 'admin' || key.status === 'archived') throw notFound('admin key', id);
      if (key.origin === 'config')
        throw new Refusal('invalid_request', 'This key is given by the configuration (admin_key). Take it out there.');
      await apiKeyStore(sql).update(id, { status: 'archived' });
      await changePolicy(sql, { entity: 'api_key', id });
      await record(sql, by, { type: 'admin_api_key_deleted', admin_api_key_id: id });
    });
