import type { NewActivity } from '../../activity/index.ts';
import { type Doer, Refusal } from '../../kernel/index.ts';
import { hashSecret, newSecret, type Sql } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { groupStore } from '../groups/store.ts';
import { refuseFurtherKey } from '../limits.ts';
import { memberStore } from '../members/store.ts';
import { changeInTurn } from '../policy-changes.ts';
import { notFound } from '../wire.ts';
import { isInWorkspace } from '../workspaces/change-members.ts';
import { workspaceStore } from '../workspaces/store.ts';
import { apiKeyStore, type StoredApiKey } from './store.ts';

export type NewApiKey = {
  readonly name: string;
  readonly owner: { readonly userId: string } | { readonly groupId: string };
  readonly expiresAt: number | null;
  /** The workspace it belongs to; left out, it may name any that its owner is in. */
  readonly workspaceId?: string | undefined;
};

/** What every key made here starts with, so that secret scanners can know them. */
const PREFIX = { personal: 'sk-remit-', service: 'sk-remit-svc-' } as const;

/** Makes a personal key of a member or a service key of a group. `secret` is nowhere kept and shown this once. */
export const createApiKey =
  ({ database, changePolicy, record, limits, now, newId }: DirectoryDeps) =>
  (wanted: NewApiKey, by: Doer): Promise<{ readonly key: StoredApiKey; readonly secret: string }> =>
    changeInTurn(database, async (sql) => {
      const { owner } = wanted;
      if ('userId' in owner && (await memberStore(sql).findPresent(owner.userId)) === undefined)
        throw notFound('member', owner.userId);
      if ('groupId' in owner && (await groupStore(sql).find(owner.groupId)) === undefined)
        throw notFound('group', owner.groupId);
      if (wanted.workspaceId !== undefined) await refuseWorkspace(sql, wanted.workspaceId, owner);
      await refuseFurtherKey(sql, limits, { now: now(), workspaceId: wanted.workspaceId });
      const kind = 'userId' in owner ? 'personal' : 'service';
      const secret = PREFIX[kind] + newSecret();
      const key: StoredApiKey = {
        id: newId('apiKey'),
        kind,
        name: wanted.name,
        secret_hash: hashSecret(secret),
        hint: hintOf(secret),
        user_id: 'userId' in owner ? owner.userId : null,
        group_id: 'groupId' in owner ? owner.groupId : null,
        status: 'active',
        origin: 'created',
        created_by: by.who.kind === 'member' ? by.who.userId : null,
        created_at: now(),
        expires_at: wanted.expiresAt,
        workspace_id: wanted.workspaceId ?? null,
        scopes: null,
      };
      await apiKeyStore(sql).insert(key);
      await changePolicy(sql, { entity: 'api_key', id: key.id });
      await record(sql, by, created(key));
      return { key, secret };
    });

/** A key goes into an open workspace that its owner is in; a group's keys go into any. */
const refuseWorkspace = async (sql: Sql, workspaceId: string, owner: NewApiKey['owner']): Promise<void> => {
  const workspace = await workspaceStore(sql).find(workspaceId);
  if (workspace === undefined) throw notFound('workspace', workspaceId);
  if (workspace.archived_at !== null)
    throw new Refusal('invalid_request', `The workspace ${workspace.name} is archived and takes no new keys.`);
  if (!('userId' in owner) || (await isInWorkspace(sql, workspaceId, owner.userId))) return;
  const who = (await memberStore(sql).findPresent(owner.userId))?.email ?? owner.userId;
  throw new Refusal('invalid_request', `${who} is not in the workspace ${workspace.name}. Add them first.`);
};

const created = (key: StoredApiKey): NewActivity =>
  key.group_id === null
    ? { type: 'platform_api_key_created', api_key_id: key.id }
    : {
        type: 'service_key_created',
        is_service_created: false,
        key_name: key.name,
        service_name: key.group_id,
        service_key_id: key.id,
      };

const HINTED_LENGTH_MIN = 40;

/**
 * The first characters and the last four: enough to recognise a key, useless to guess it. Of a secret that somebody
 * chose themselves and kept short, only the first two.
 */
export const hintOf = (secret: string): string =>
  secret.length < HINTED_LENGTH_MIN ? `${secret.slice(0, 2)}…` : `${secret.slice(0, 16)}…${secret.slice(-4)}`;
