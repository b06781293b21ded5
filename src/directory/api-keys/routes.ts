import { type Actor, idPage, Refusal } from '../../kernel/index.ts';
import { type Route, route } from '../../platform/index.ts';
import type { DirectoryDeps } from '../deps.ts';
import { protectOwners } from '../members/protect-owners.ts';
import { protectCredentials } from '../members/protect-stronger.ts';
import { memberStore } from '../members/store.ts';
import { notFound, toWireTime } from '../wire.ts';
import { workspaceStore } from '../workspaces/store.ts';
import { createAdminKey, revokeAdminKey } from './admin-keys.ts';
import * as contract from './contract.ts';
import { createApiKey } from './create-api-key.ts';
import { apiKeyStore, type StoredApiKey } from './store.ts';
import { updateApiKey } from './update-api-key.ts';

const MY_KEYS_MAX = 1000;

/** Binds the key endpoints to their operations: those of administrators and those of a member about their own. */
export const apiKeyRoutes = (deps: DirectoryDeps): readonly Route[] => [
  ...keysOfAll(deps),
  ...keysOfMine(deps),
  ...adminKeyRoutes(deps),
];

const keysOfAll = (deps: DirectoryDeps): readonly Route[] => {
  const keys = apiKeyStore(deps.database);
  const toWire = wireKeyIn(deps);
  return [
    route(contract.createApiKey, async ({ body, actor, by }) => {
      const owner = await ownerOf(deps, body, actor);
      const expiresAt = body.expires_at === undefined ? null : Date.parse(body.expires_at);
      const wanted = { name: body.name, owner, expiresAt, workspaceId: body.workspace_id };
      const created = await createApiKey(deps)(wanted, by);
      return { ...(await toWire(created.key)), key: created.secret };
    }),
    route(contract.listApiKeys, async ({ query }) => {
      const { limit, status, user_id: userId, rbac_group_id: groupId, created_by_user_id: createdBy } = query;
      const { workspace_id: workspaceId, search, after_id: afterId, before_id: beforeId } = query;
      const { sort_by: sortBy, sort_order: order = sortBy === 'name' ? 'asc' : 'desc' } = query;
      const narrowed = { status, userId, groupId, workspaceId, search, createdBy };
      const filter = { ...narrowed, sortBy, order, limit, afterId, beforeId };
      const rows = await keys.list(filter, deps.now());
      return idPage(
        await Promise.all(rows.map(toWire)),
        limit,
        filter.beforeId === undefined ? 'forward' : 'backward',
      ) as never;
    }),
    route(contract.getApiKey, async ({ params }) => {
      const key = await keys.find(params.api_key_id);
      if (key === undefined || key.kind === 'admin') throw notFound('API key', params.api_key_id);
      return toWire(key);
    }),
    route(contract.updateApiKey, async ({ params, body, actor, by }) => {
      const key = await keys.find(params.api_key_id);
      if (key?.user_id) await refuseForeignOwnersKey(deps, key.user_id, actor);
      return toWire(
        await updateApiKey(deps)(
          params.api_key_id,
          { name: body.name ?? undefined, status: body.status ?? undefined },
          by,
        ),
      );
    }),
  ];
};

const keysOfMine = (deps: DirectoryDeps): readonly Route[] => {
  const keys = apiKeyStore(deps.database);
  const toWire = wireKeyIn(deps);
  return [
    route(contract.listMyApiKeys, async ({ actor }) => {
      const mine = await keys.list({ userId: memberOf(actor), limit: MY_KEYS_MAX }, deps.now());
      return { data: await Promise.all(mine.map(toWire)) };
    }),
    route(contract.createMyApiKey, async ({ body, actor, by }) => {
      const owner = { userId: memberOf(actor) };
      const created = await createApiKey(deps)({ name: body.name, owner, expiresAt: null }, by);
      return { ...(await toWire(created.key)), key: created.secret };
    }),
    route(contract.revokeMyApiKey, async ({ params, actor, by }) => {
      const key = await keys.find(params.api_key_id);
      if (key === undefined || key.user_id !== memberOf(actor)) throw notFound('API key', params.api_key_id);
      return toWire(await updateApiKey(deps)(key.id, { status: 'archived' }, by));
    }),
  ];
};

// A key acts with its owner's rights, so nobody makes one for somebody who may do more.
const ownerOf = async (
  deps: DirectoryDeps,
  body: { readonly user_id?: string | undefined; readonly rbac_group_id?: string | undefined },
  actor: Actor,
): Promise<{ readonly userId: string } | { readonly groupId: string }> => {
  if (body.rbac_group_id !== undefined) return { groupId: body.rbac_group_id };
  const userId = body.user_id ?? '';
  const member = await memberStore(deps.database).findPresent(userId);
  if (member !== undefined) await protectCredentials(deps.database, actor, member);
  return { userId };
};

const refuseForeignOwnersKey = async (deps: DirectoryDeps, userId: string, actor: Actor): Promise<void> => {
  if (actor.kind === 'member' && actor.userId === userId) return;
  protectOwners(actor, (await memberStore(deps.database).findPresent(userId))?.role);
};

const memberOf = (actor: Actor): string => {
  if (actor.kind !== 'member') throw new Refusal('permission_denied', 'This answers about a member.');
  return actor.userId;
};

const adminKeyRoutes = (deps: DirectoryDeps): readonly Route[] => {
  const toWire = (key: StoredApiKey) => wireAdminKey(key, deps.now());
  return [
    route(contract.listAdminKeys, async () => ({
      data: (await apiKeyStore(deps.database).listAdmin()).map(toWire),
    })),
    route(contract.createAdminKey, async ({ body, by }) => {
      const expiresAt = body.expires_at === undefined ? null : Date.parse(body.expires_at);
      const created = await createAdminKey(deps)({ name: body.name, scopes: body.scopes, expiresAt }, by);
      return { ...toWire(created.key), key: created.secret };
    }),
    route(contract.revokeAdminKey, async ({ params, by }) => {
      await revokeAdminKey(deps)(params.api_key_id, by);
      return { id: params.api_key_id, type: 'admin_key_deleted' as const };
    }),
  ];
};

/** What all kinds of keys show of themselves. */
const common = (key: StoredApiKey, now: number) => ({
  id: key.id,
  name: key.name,
  created_at: toWireTime(key.created_at),
  expires_at: key.expires_at === null ? null : toWireTime(key.expires_at),
  created_by: key.created_by === null ? null : { id: key.created_by, type: 'user' as const },
  partial_key_hint: key.hint,
  status:
    key.status === 'active' && key.expires_at !== null && key.expires_at <= now ? ('expired' as const) : key.status,
});

const wireAdminKey = (key: StoredApiKey, now: number): contract.AdminKey => ({
  ...common(key, now),
  type: 'admin_key',
  scopes: key.scopes === null ? null : (JSON.parse(key.scopes) as contract.AdminKey['scopes']),
  origin: key.origin,
});

const wireKeyIn = ({ database, now }: DirectoryDeps) => {
  let defaultWorkspace: Promise<{ readonly id: string }> | undefined;
  // Version 2023-06-01 names the default workspace null.
  const olderName = async (id: string | null): Promise<string | null> => {
    if (id === null) return null;
    defaultWorkspace ??= workspaceStore(database).findDefault();
    return (await defaultWorkspace).id === id ? null : id;
  };
  return async (key: StoredApiKey): Promise<contract.ApiKey> => ({
    ...common(key, now()),
    type: 'api_key',
    principal: key.user_id === null ? null : { type: 'user_actor', user_id: key.user_id },
    rbac_group_id: key.group_id,
    scope: key.workspace_id === null ? { type: 'organization' } : { type: 'workspace', workspace_id: key.workspace_id },
    workspace_id: await olderName(key.workspace_id),
  });
};
